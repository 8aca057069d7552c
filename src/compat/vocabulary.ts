/** What may stand in the text of a model that was taught one dialect: the marks of all of them, and what only this one has. */
import type { Dialect, TagReader, WordOpening } from './dialect.ts'
import type { DialectName } from './dialect-name.ts'
import { DIALECTS } from './dialects/index.ts'
import type { CallForms } from './reading/read-call-list.ts'
import { rememberNames } from './reading/remember-names.ts'
import { bareName, canonicalName, type Tag } from './reading/tag.ts'
import { CONTROL_TOKENS } from './reading/tokens.ts'

export type WordMeaning =
  | { readonly kind: 'opening'; readonly read: WordOpening['read'] }
  | { readonly kind: 'result' | 'token' }
  | { readonly kind: 'reasoning'; readonly end: string }

/** What a tag may be, by its name; whether it is depends on where it stands. */
export interface TagUse {
  readonly opening: TagReader | undefined
  readonly isClosing: boolean
  readonly isToken: boolean
  readonly isResult: boolean
  /** What ends the reasoning that it begins. */
  readonly reasoningEnd: string | undefined
}

export interface Vocabulary {
  readonly dialect: Dialect
  readonly words: readonly (readonly [word: string, meaning: WordMeaning])[]
  readonly longestWord: number
  /** Whether one of the words stands at an offset. */
  isWord(text: string, at: number): boolean
  /** Whether one of the words may begin at an offset: the text ends in the middle of it. */
  isWordStart(text: string, at: number): boolean
  /** Finds the first place at which anything may begin. */
  readonly search: RegExp
  /** What a tag of this name is used for. */
  use(name: string): TagUse
  /** `</s>` is a token of many models, and a closing tag of HTML in any other case. */
  isEndOfText(tag: Tag): boolean
  /** Whether a tag that is not complete may become one of these. */
  mayBegin(written: string): boolean
  /** Whether a tag that the end of the answer cut is one that could only close a call or end a turn. */
  closesUnfinished(written: string): boolean
  readonly fences: Readonly<Record<string, CallForms>>
  readonly unmarked: CallForms | undefined
}

const REASONING: Readonly<Record<string, string>> = {
  think: '</think>',
  'seed:think': '</seed:think>',
  '|channel': '<channel|>',
}
const REASONING_WORD = '[THINK]'
const END_OF_TEXT = '</s>'
/** Opening tags that may have a namespace of any name. */
const NAMESPACED: ReadonlySet<string> = new Set(['function_calls', 'invoke'])
const MAY_BE_NAMESPACE = /^[a-z][\w-]{0,19}$/
const NAME_OF_TAG = /^<\/?[ \t]*((?:[|｜]\/?)?[^\s=/>]*)/
const UNFINISHED_TAG = /^<(\/?)((?:[|｜]\/?)?[^\s<>=/]*)(\s*)$/
const RESULT_FENCE = 'tool_result'

export function isResultFence(info: string): boolean {
  return info === RESULT_FENCE
}

function makeVocabulary(dialect: Dialect): Vocabulary {
  const all = Object.values(DIALECTS)
  const tags = new Map<string, TagReader>(all.flatMap((one) => Object.entries(one.tags ?? {})))
  for (const [name, read] of Object.entries(dialect.ownTags ?? {})) if (!tags.has(name)) tags.set(name, read)
  const closings = new Set(all.flatMap((one) => one.closings ?? []))
  const tokens = new Set([...CONTROL_TOKENS, ...all.flatMap((one) => one.tokens ?? [])])
  for (const name of tags.keys()) tokens.delete(name)
  const results = new Set(all.flatMap((one) => one.results ?? []))
  const words: [string, WordMeaning][] = [
    ...all
      .flatMap((one) => one.words ?? [])
      .map(({ word, read }): [string, WordMeaning] => [word, { kind: 'opening', read }]),
    ...[...results]
      .filter((word) => word.startsWith('['))
      .map((word): [string, WordMeaning] => [word, { kind: 'result' }]),
    [REASONING_WORD, { kind: 'reasoning', end: '[/THINK]' }],
    ['[e~[', { kind: 'token' }],
  ]
  const longestWord = Math.max(...words.map(([word]) => word.length))
  const firstUnits = new Set(words.map(([word]) => word.charAt(0)))
  const openings = [...tags.keys(), ...results, ...Object.keys(REASONING)]
  const starts = [...openings, ...tokens, ...closings]
  const bares = [...NAMESPACED, ...closings]

  function findUse(name: string): TagUse {
    const bare = bareName(name)
    const isToken = tokens.has(name)
    return {
      opening:
        tags.get(name) ??
        (NAMESPACED.has(bare) ? tags.get(bare) : undefined) ??
        (isToken ? undefined : dialect.toolTags),
      isClosing: closings.has(name) || closings.has(bare),
      isToken,
      isResult: results.has(name),
      reasoningEnd: Object.hasOwn(REASONING, name) ? REASONING[name] : undefined,
    }
  }

  return {
    dialect,
    words,
    longestWord,
    isWord: (text, at) => firstUnits.has(text.charAt(at)) && words.some(([word]) => text.startsWith(word, at)),
    isWordStart(text, at) {
      if (text.length - at >= longestWord || !firstUnits.has(text.charAt(at))) return false
      const rest = text.slice(at)
      return words.some(([word]) => word.startsWith(rest))
    },
    search: new RegExp(`[<\`\\n]|${words.map(([word]) => escapePattern(word)).join('|')}`, 'g'),
    use: rememberNames(findUse),
    isEndOfText: ({ written, length }) => written === 's' && length === END_OF_TEXT.length,
    mayBegin(written) {
      if (END_OF_TEXT.startsWith(written) || dialect.toolTags !== undefined) return true
      const [begun = '', tag = ''] = NAME_OF_TAG.exec(written) ?? []
      const name = canonicalName(tag)
      const bare = bareName(name)
      if (begun.length < written.length) return starts.includes(name) || bares.includes(bare)
      if (starts.some((start) => start.startsWith(name)) || MAY_BE_NAMESPACE.test(name)) return true
      return bare !== name && bares.some((start) => start.startsWith(bare))
    },
    closesUnfinished(written) {
      const [, slash, cut = '', space] = UNFINISHED_TAG.exec(written) ?? []
      if (space === undefined) return false
      const name = canonicalName(cut)
      const isMeant = (known: string): boolean => (space === '' ? known.startsWith(name) : known === name)
      if (slash === '/') return [...closings].some(isMeant)
      return name.length > 1 && [...tokens].some(isMeant) && !openings.some(isMeant)
    },
    fences: dialect.fences ?? {},
    unmarked: dialect.unmarked,
  }
}

function escapePattern(word: string): string {
  return word.replace(/[[\]().|/]/g, '\\$&')
}

/** Made once: they depend on nothing but the dialects. */
export const VOCABULARIES: ReadonlyMap<DialectName, Vocabulary> = new Map(
  Object.values(DIALECTS).map((dialect) => [dialect.name, makeVocabulary(dialect)]),
)
