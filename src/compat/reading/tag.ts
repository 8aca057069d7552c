/** Tags and special tokens as models write them: `<tool_call>`, `</function >`, `<invoke name="x">`, `<|im_end|>`, `<function=x>`. */
import { finished } from './finished.ts'
import type { Reading, Source } from './source.ts'

export interface Tag {
  /** In UTF-16 units, brackets included. */
  readonly length: number
  readonly closing: boolean
  readonly selfClosing: boolean
  /** In lower case, with plain bars and underscores for those of DeepSeek. */
  readonly name: string
  /** As it is written, for tags that are named after tools and parameters. */
  readonly written: string
  /** What stands behind `=`, without quotes. */
  readonly value: string | undefined
  readonly attributes: string
}

/** `cut`: it may become a tag when more text comes. */
export type TagFound = Tag | 'cut' | undefined

const NAME = String.raw`([|｜]?[\p{L}_][\p{L}\p{N}_:.▁-]*(?:[|｜][\p{L}_]+)?[|｜]?)`
const TAG = new RegExp(String.raw`<(\/?)[ \t]*${NAME}((?:\s[^<>]*?)?)\s*(\/?)>`, 'uy')
/** The bracket is often forgotten; the end of the line stands for it. */
const NAMED_TAG = new RegExp(
  String.raw`<[ \t]*${NAME}[ \t]*=[ \t]*("[^"\n<>]*"|'[^'\n<>]*'|[^\s<>"'][^<>\n]*?)[ \t]*(\/?)(>|(?=[\r\n<]))`,
  'uy',
)
/** What most tags look like, found faster. */
const SIMPLE_TAG = /<(\/?)([a-z][a-z0-9_]*)(?:=([\w.-]+))?>/y
const CUT_TAG = new RegExp(String.raw`<(?:\/?[ \t]*(?:[|｜]?(?:${NAME}(?:[\s=\/][^<>]*)?)?)?)?$`, 'uy')
const MAX_TAG = 512
const NO_TAG: Reading<undefined> = finished(undefined)

/** @param at where `<` stands. */
export function lexTag(text: string, at: number, ended: boolean): TagFound {
  const code = text.charCodeAt(at + 1)
  // Most brackets of prose and code are none of a tag.
  if (code <= 32 || code === 60 || code === 61) return undefined
  SIMPLE_TAG.lastIndex = at
  const simple = SIMPLE_TAG.exec(text)
  if (simple !== null && (simple[3] === undefined || simple[1] === '')) {
    const [{ length }, slash, name = '', value] = simple
    return { length, closing: slash === '/', selfClosing: false, name, written: name, value, attributes: '' }
  }
  TAG.lastIndex = at
  const match = TAG.exec(text)
  if (match !== null) {
    const [whole, slash, written = '', attributes = '', end] = match
    return {
      length: whole.length,
      closing: slash === '/',
      selfClosing: end === '/',
      name: canonicalName(written),
      written,
      value: undefined,
      attributes,
    }
  }
  NAMED_TAG.lastIndex = at
  const named = NAMED_TAG.exec(text)
  if (named !== null) {
    const [whole, written = '', value = '', end, bracket] = named
    const name = canonicalName(written)
    if (bracket === '>' || name === 'function' || name === 'parameter')
      return {
        length: whole.length,
        closing: false,
        selfClosing: end === '/',
        name,
        written,
        value: unquote(value),
        attributes: '',
      }
  }
  if (ended || text.length - at > MAX_TAG) return undefined
  CUT_TAG.lastIndex = at
  return CUT_TAG.test(text) ? 'cut' : undefined
}

/** The tag at the reader, once it is known whether there is one. */
export function peekTag(source: Source): Reading<Tag | undefined> {
  if (source.left === 0) return waitForTag(source)
  if (source.text.charAt(source.at) !== '<') return NO_TAG
  const tag = lexTag(source.text, source.at, source.ended)
  return tag === 'cut' ? waitForTag(source) : finished(tag)
}

function* waitForTag(source: Source): Reading<Tag | undefined> {
  for (;;) {
    if (source.left > 0 && source.text.charAt(source.at) !== '<') return undefined
    const tag = source.left === 0 ? 'cut' : lexTag(source.text, source.at, source.ended)
    if (tag !== 'cut') return tag
    if (source.ended) return undefined
    yield
  }
}

export function canonicalName(written: string): string {
  return /^[a-z_|]+$/.test(written) ? written : written.toLowerCase().replaceAll('｜', '|').replaceAll('▁', '_')
}

const NAMESPACED = /^[a-z][\w-]{0,19}:(?=[^:]*$)/

/** The name without the namespace that some models put before it: `antml:invoke`. */
export function bareName(name: string): string {
  return name.includes(':') ? name.replace(NAMESPACED, '') : name
}

const ATTRIBUTES = {
  name: attributePattern('name'),
  type: attributePattern('type'),
  string: attributePattern('string'),
  value: attributePattern('value'),
} as const

function attributePattern(name: string): RegExp {
  return new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'/>]+))`, 'i')
}

/** The value of an attribute, quoted in either way or not at all. */
export function attribute({ attributes }: Tag, name: keyof typeof ATTRIBUTES): string | undefined {
  if (attributes === '') return undefined
  const match = ATTRIBUTES[name].exec(attributes)
  return match === null ? undefined : (match[1] ?? match[2] ?? match[3])
}

function unquote(value: string): string {
  const text = value.trim()
  const first = text.charAt(0)
  return text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) ? text.slice(1, -1) : text
}
