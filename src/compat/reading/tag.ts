/** Tags and special tokens as models write them: `<tool_call>`, `</function >`, `<invoke name="x">`, `<|im_end|>`, `<function=x>`. */
import { rememberNames } from './remember-names.ts'

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

const NAME = String.raw`((?:[|｜]\/?)?[\p{L}_][\p{L}\p{N}_:.▁-]*(?:[|｜][\p{L}_]+)?[|｜]?)`
const TAG = new RegExp(String.raw`<(\/?)[ \t]*${NAME}((?:\s(?!\s*=)[^<>]*|\/)?)>`, 'uy')
/** The bracket is often forgotten; the end of the line stands for it. */
const NAMED_TAG = new RegExp(
  String.raw`<[ \t]*${NAME}[ \t]*=[ \t]*("[^"\n<>]*"[ \t]*|'[^'\n<>]*'[ \t]*|[^\s<>"'][^<>\n]*)(\/?)(>|(?=[\r\n<]))`,
  'uy',
)
/** The bracket is forgotten, and another tag follows; only where it can be nothing else. */
const OPEN_TAG = new RegExp(String.raw`<(\/?)[ \t]*${NAME}((?:\s+[\w-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*)\s*(?=<)`, 'uy')
/** What most tags look like, without anything behind the name, with a value and with attributes: found faster. */
const PLAIN_TAG = /<\/?[|｜]?[a-z_][\w:.▁-]*(?:[|｜][a-z_]+)?[|｜]?>/iy
const VALUE_TAG = /<[a-z]+=[\w.-]+>/y
const ATTRIBUTE_TAG = /<[|｜]?[a-z_][\w:.▁-]*(?:[|｜][a-z_]+)? [a-z]+="[^"<>]*"(?: [a-z]+="[^"<>]*")*>/iy
const CUT_TAG = new RegExp(String.raw`<(?:\/?[ \t]*(?:(?:[|｜]\/?)?(?:${NAME}(?:[\s=\/][^<>]*)?)?)?)?$`, 'uy')
export const MAX_TAG = 512

/** @param at where `<` stands. */
export function lexTag(text: string, at: number, ended: boolean): TagFound {
  const code = text.charCodeAt(at + 1)
  // Most brackets of prose and code are none of a tag.
  if (code <= 32 || code === 60 || code === 61) return undefined
  const tag = lexCommonTag(text, at) ?? lexAnyTag(text, at)
  // A tag that is too long is none, however much of it is there already.
  if (tag !== undefined) return tag.length > MAX_TAG ? undefined : tag
  if (ended || text.length - at > MAX_TAG) return undefined
  CUT_TAG.lastIndex = at
  return CUT_TAG.test(text) ? 'cut' : undefined
}

function lexAnyTag(text: string, at: number): Tag | undefined {
  TAG.lastIndex = at
  const match = TAG.exec(text)
  if (match !== null) {
    const [whole, slash, written = '', rest = ''] = match
    const selfClosing = rest.trimEnd().endsWith('/')
    return {
      length: whole.length,
      closing: slash === '/',
      selfClosing,
      name: canonicalName(written),
      written,
      value: undefined,
      attributes: selfClosing ? rest.trimEnd().slice(0, -1) : rest,
    }
  }
  NAMED_TAG.lastIndex = at
  const named = NAMED_TAG.exec(text)
  if (named !== null) {
    const [whole, written = '', value = '', end, bracket] = named
    const name = canonicalName(written)
    const text = value.trimEnd()
    if (bracket === '>' || name === 'function' || name === 'parameter')
      return {
        length: whole.length,
        closing: false,
        selfClosing: end === '/' || text.endsWith('/'),
        name,
        written,
        value: unquote(text.endsWith('/') ? text.slice(0, -1) : text),
        attributes: '',
      }
  }
  OPEN_TAG.lastIndex = at
  const open = OPEN_TAG.exec(text)
  if (open !== null && (open[1] === '/' || open[3] !== '')) {
    const [{ length }, slash, written = '', attributes = ''] = open
    const name = canonicalName(written)
    return { length, closing: slash === '/', selfClosing: false, name, written, value: undefined, attributes }
  }
  return undefined
}

function lexCommonTag(text: string, at: number): Tag | undefined {
  PLAIN_TAG.lastIndex = at
  if (PLAIN_TAG.test(text)) {
    const closing = text.charCodeAt(at + 1) === 47
    return makeTag(text, at, PLAIN_TAG.lastIndex, closing, PLAIN_TAG.lastIndex - 1)
  }
  VALUE_TAG.lastIndex = at
  if (VALUE_TAG.test(text)) return makeTag(text, at, VALUE_TAG.lastIndex, false, text.indexOf('=', at))
  ATTRIBUTE_TAG.lastIndex = at
  return ATTRIBUTE_TAG.test(text) ? makeTag(text, at, ATTRIBUTE_TAG.lastIndex, false, text.indexOf(' ', at)) : undefined
}

/** @param nameEnd where the name ends: at `>`, `=` or the space before the attributes. */
function makeTag(text: string, at: number, end: number, closing: boolean, nameEnd: number): Tag {
  const written = text.slice(closing ? at + 2 : at + 1, nameEnd)
  const rest = nameEnd === end - 1 ? '' : text.slice(nameEnd, end - 1)
  const isValue = rest.startsWith('=')
  return {
    length: end - at,
    closing,
    selfClosing: false,
    name: canonicalName(written),
    written,
    value: isValue ? rest.slice(1) : undefined,
    attributes: isValue ? '' : rest,
  }
}

/** A name in lower case, with plain bars and underscores for those of DeepSeek. */
export const canonicalName = rememberNames((written) =>
  written.toLowerCase().replaceAll('｜', '|').replaceAll('▁', '_'),
)

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
  // As most models write it: alone, or as the first of several.
  const from = name.length + 3
  if (attributes.startsWith('="', from - 2) && attributes.startsWith(name, 1)) {
    const end = attributes.indexOf('"', from)
    if (end >= 0) return attributes.slice(from, end)
  }
  const match = ATTRIBUTES[name].exec(attributes)
  return match === null ? undefined : (match[1] ?? match[2] ?? match[3])
}

function unquote(value: string): string {
  const text = value.trim()
  const first = text.charAt(0)
  return text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) ? text.slice(1, -1) : text
}
