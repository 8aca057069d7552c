/** Reads a value between tags in which anything may stand: where it ends is decided by what follows a closing tag. */
import { FINISHED } from './finished.ts'
import { endOfSpace } from './skip-space.ts'
import { MAX_LOOKAHEAD, type Reading, type Source } from './source.ts'
import type { Tag } from './tag.ts'
import { createValueText, plainValue, type ValueShape } from './value-text.ts'
import type { ArgumentsWriter } from './write-arguments.ts'

/**
 * What a tag means inside a call; `value`, `call`, `wrapper`, `foreign` and `wrong` are closing tags: `foreign` is one of a call
 * of another form, `wrong` one that was meant for the value.
 */
export type TagMeaning =
  | { readonly kind: 'value' | 'call' | 'wrapper' | 'foreign' | 'wrong' | 'opening' | 'token' }
  | { readonly kind: 'parameter'; readonly name: string }
  /** More text is needed to tell. */
  | 'cut'
  | undefined

/** The end of the answer cut it. */
const UNFINISHED_CLOSING = /<\/[\w:.|｜▁-]{0,32}$/y

type KnownMeaning = Exclude<TagMeaning, 'cut' | undefined>

export interface RawValue {
  readonly name: string
  readonly shape: ValueShape
  /** The tag says that it is no string: without a schema it is read as what it looks like. */
  readonly typed?: boolean
  /** A closing tag that begins so was meant for it. */
  readonly stem: string
  /** Tags of calls that were opened inside of it: what closes them is data, too. */
  opened?: Set<string>
  /** What a tag at an offset means while this value is open. */
  mean(tag: Tag, text: string, at: number): TagMeaning
}

/** Where a value ends, or how far it certainly goes. */
interface End {
  readonly safe: number
  /** Units of its own closing tag. */
  readonly closing?: number
  readonly found: boolean
}

/** The reader stands behind the opening tag; afterwards behind the closing one, or before whatever else ended the value. */
export function readRawValue(source: Source, writer: ArgumentsWriter, value: RawValue): Reading {
  const end = findEnd(source, writer, value)
  const text = end.found ? plainValue(source.text.slice(source.at, end.safe), value.shape, isClosed(end)) : undefined
  if (text === undefined) return readLongValue(source, writer, value, end)
  source.at = end.safe + (end.closing ?? 0)
  if (streams(writer, value)) writer.string(value.name, text)
  else writeWhole(writer, value, text)
  return FINISHED
}

/** A value that comes in pieces, or in which there is something to decode. */
function* readLongValue(source: Source, writer: ArgumentsWriter, value: RawValue, first: End): Reading {
  const isTold = streams(writer, value)
  const pieces: string[] = []
  if (isTold) writer.open(value.name)
  const text = createValueText(value.shape, isTold ? (piece) => writer.piece(piece) : (piece) => pieces.push(piece))
  let end = first
  for (;;) {
    if (end.safe > source.at) text.push(source.take(end.safe - source.at))
    if (end.found) break
    if (source.ended) {
      source.broken = true
      break
    }
    yield
    end = findEnd(source, writer, value)
  }
  source.skip(end.closing ?? 0)
  text.end(isClosed(end))
  if (!isTold) writeWhole(writer, value, pieces.join(''))
  else if (source.whole) writer.close()
}

function isClosed(end: End): boolean {
  return end.closing !== undefined
}

function streams(writer: ArgumentsWriter, { name, typed }: RawValue): boolean {
  return typed !== true && writer.streams(name, false)
}

function writeWhole(writer: ArgumentsWriter, { name, typed }: RawValue, text: string): void {
  if (typed === true) writer.typed(name, text)
  else writer.text(name, text)
}

function findEnd(source: Source, writer: ArgumentsWriter, value: RawValue): End {
  const { text, at } = source
  for (let from = at; ; ) {
    const open = text.indexOf('<', from)
    if (open < 0) return { safe: text.length, found: false }
    const tag = source.tagAt(open)
    if (tag === 'cut') return { safe: open, found: false }
    const meaning = tag === undefined ? undefined : meanInside(value, tag, text, open)
    if (meaning === 'cut') return { safe: open, found: false }
    if (tag !== undefined && meaning !== undefined) {
      if (meaning.kind === 'opening') value.opened = (value.opened ?? new Set()).add(tag.name)
      const ends = endsValue(source, open, tag, meaning, { writer, value })
      if (ends === undefined) return { safe: open, found: false }
      const isOwn = meaning.kind === 'value' || meaning.kind === 'wrong'
      if (ends) return { safe: open, found: true, ...(isOwn ? { closing: tag.length } : {}) }
    }
    from = open + 1
  }
}

interface Surroundings {
  readonly writer: ArgumentsWriter
  readonly value: RawValue
}

/** A closing tag that is called almost like that of the value, or like its parameter, or that lacks its bracket, is a wrong one. */
function meanInside(value: RawValue, tag: Tag, text: string, at: number): TagMeaning {
  const meaning = value.mean(tag, text, at)
  if (!tag.closing || meaning === 'cut') return meaning
  if (meaning === undefined)
    return tag.name.startsWith(value.stem) || tag.name === value.name.toLowerCase() ? { kind: 'wrong' } : undefined
  return meaning.kind === 'value' && text.charAt(at + tag.length - 1) !== '>' ? { kind: 'wrong' } : meaning
}

function endsValue(
  source: Source,
  open: number,
  tag: Tag,
  meaning: KnownMeaning,
  around: Surroundings,
): boolean | undefined {
  const behind = open + tag.length
  switch (meaning.kind) {
    case 'value':
      return isFollowed(source, behind, around.value, () => true)
    case 'call':
    case 'wrapper':
      if (source.text.startsWith('\n', behind) || source.text.startsWith('\r\n', behind)) return true
      return isFollowed(source, behind, around.value, (next) => next.kind !== 'parameter' && next.kind !== 'value')
    case 'wrong':
      return isFollowed(source, behind, around.value, (next) =>
        next.kind === 'parameter'
          ? isNextParameter(next.name, around)
          : next.kind === 'call' || next.kind === 'wrapper',
      )
    case 'parameter':
      return isNextParameter(meaning.name, around)
    case 'foreign':
    case 'opening':
    case 'token':
      return false
  }
}

function isNextParameter(name: string, { writer, value }: Surroundings): boolean {
  return name !== value.name && writer.knows(name) && !writer.has(name)
}

/** Whether, after white space, the end of the text follows or a tag that passes. */
function isFollowed(
  source: Source,
  at: number,
  value: RawValue,
  passes: (next: KnownMeaning) => boolean,
): boolean | undefined {
  const { text, ended } = source
  const next = endOfSpace(text, at)
  if (next >= text.length) return ended || next - at > MAX_LOOKAHEAD ? true : undefined
  if (text.charAt(next) === '`') {
    if (text.length - next < 3 && !ended) return undefined
    return text.startsWith('```', next) && /[\r\n]/.test(text.slice(at, next))
  }
  if (text.charAt(next) !== '<') return false
  const tag = source.tagAt(next)
  if (tag === 'cut') return undefined
  UNFINISHED_CLOSING.lastIndex = next
  if (tag === undefined && ended && UNFINISHED_CLOSING.test(text)) return passes({ kind: 'call' })
  const meaning = tag === undefined ? undefined : value.mean(tag, text, next)
  if (meaning === 'cut') return undefined
  if (meaning === undefined || (meaning.kind === 'foreign' && tag !== undefined && value.opened?.has(tag.name)))
    return false
  return passes(meaning)
}
