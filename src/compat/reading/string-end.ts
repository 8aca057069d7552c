/**
 * Decides whether a quote ends a string. Models forget to escape quotes, so a quote counts only where something legal follows;
 * in right JSON and Python something legal always does.
 */
import { endOfSpace } from './skip-space.ts'
import { MAX_LOOKAHEAD } from './source.ts'

/** Where a string stands: the name of a member, its value, an item of a list; an argument `name=...` of Python, a value or an item in one; or alone. */
export type StringPlace = 'name' | 'member' | 'item' | 'argument' | 'entry' | 'element' | 'alone'

const NEXT_NAME = /\s*(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\p{L}_$][\p{L}\p{N}_$.-]*)\s*[:=]/uy
/** What most of them look like, found faster. */
const PLAIN_NAME = /"\w+"\s*:|[a-z_]\w*=/iy
const UNFINISHED_NAME =
  /\s*(?:"(?:[^"\\\n]|\\.)*\\?|"(?:[^"\\\n]|\\.)*"\s*|'(?:[^'\\\n]|\\.)*\\?|'(?:[^'\\\n]|\\.)*'\s*|[\p{L}_$][\p{L}\p{N}_$.-]*\s*)?$/uy
const NEXT_ITEM = /\s*(?:["'[{(\]<\d-]|(?:true|false|null|True|False|None)\b|[\p{L}_]\w*\s*[(=])/uy
const BRACKETS = /[)\]}]+/y
const MAX_BRACKETS = 256
const CODE = /[\p{L}\p{N}_(+*/%=&|\\$]|\.[\p{L}_]/uy
const OPERATOR = /[(+*%=&|\\]|\.[\p{L}_]/uy
const CLOSING_TAG = /<(?:\/[\w:.-]*|[|｜]|(?:tool_call\||end_function_call)>)/y

/** @param at behind the quote. @returns undefined when more text is needed to tell. */
export function endsString(text: string, at: number, place: StringPlace, ended: boolean): boolean | undefined {
  const next = endOfSpace(text, at)
  if (next >= text.length) return ended || next - at > MAX_LOOKAHEAD ? true : undefined
  const mark = text.charAt(next)
  if (place === 'alone') return true
  if (place === 'name') return ':=,}'.includes(mark)
  if (mark === '}' || mark === ']') return closes(text, next, place, ended)
  if (mark === ',') return decide(text, next + 1, place, ended)
  if (mark === ')') return place === 'argument' || place === 'element' ? closes(text, next, place, ended) : false
  // Strings side by side are one in Python; elsewhere a comma is missing.
  if (mark === '"' || mark === "'") return place === 'argument' || decide(text, next, place, ended)
  if (mark === '/')
    return text.charAt(next + 1) === '/' || text.charAt(next + 1) === '*' ? true : waitFor(text, next, 2, ended)
  if (mark === '<') {
    CLOSING_TAG.lastIndex = next
    return CLOSING_TAG.test(text) ? true : waitFor(text, next, 19, ended)
  }
  if (mark === '`') return text.startsWith('```', next) ? true : waitFor(text, next, 3, ended)
  if (mark === '#' && place === 'argument') return true
  return false
}

/** Brackets close what is around a string only where no code goes on directly behind them: `x["a"])"` and `f('a').b` are data. */
function closes(text: string, at: number, place: StringPlace, ended: boolean): boolean | undefined {
  BRACKETS.lastIndex = at
  BRACKETS.test(text)
  const end = BRACKETS.lastIndex
  const next = text.charAt(end)
  // A point may be followed by more code, or end a sentence.
  const isCut = end === text.length || (next === '.' && end + 1 === text.length)
  if (isCut && !ended) return end - at > MAX_BRACKETS ? true : undefined
  if (next === '"' || next === "'") return decide(text, end, 'member', ended)
  const isCall = text.slice(at, end).includes(')')
  if (isCall && (place === 'member' || place === 'item')) return false
  const code = isCall ? CODE : OPERATOR
  code.lastIndex = end
  return !code.test(text)
}

/** What follows must be a further member, item or argument, or a comment, or nothing (a comma too many). */
function decide(text: string, at: number, place: StringPlace, ended: boolean): boolean | undefined {
  let next = endOfSpace(text, at)
  while (text.charAt(next) === ',') next = endOfSpace(text, next + 1)
  if (next >= text.length) return ended || next - at > MAX_LOOKAHEAD ? true : undefined
  if ('}])/#'.includes(text.charAt(next))) return true
  const isItem = place === 'item' || place === 'element'
  PLAIN_NAME.lastIndex = next
  if (!isItem && PLAIN_NAME.test(text)) return true
  const pattern = isItem ? NEXT_ITEM : NEXT_NAME
  pattern.lastIndex = next
  if (pattern.test(text)) return true
  if (ended || text.length - at > MAX_LOOKAHEAD) return false
  if (isItem) return text.length - next < 8 ? undefined : false
  UNFINISHED_NAME.lastIndex = next
  return UNFINISHED_NAME.test(text) ? undefined : false
}

function waitFor(text: string, at: number, length: number, ended: boolean): false | undefined {
  return ended || text.length - at >= length ? false : undefined
}
