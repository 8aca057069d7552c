/** gpt-oss: messages with a channel and a recipient; servers that strip special tokens leave their words behind. */
import type { Dialect, TagReader } from '../dialect.ts'
import { type Desk, findTool, type Outcome } from '../reading/desk.ts'
import { readNamedCall } from '../reading/read-named-call.ts'
import type { Reading } from '../reading/source.ts'

const HEADER = /(?:[^<]|<\|(?:channel|constrain|start)\|>){0,256}<\|message\|>/y
const MAX_HEADER = 320
const STRIPPED_HEADER = /([\w.-]+)[ \t]*(?:<\|constrain\|>)?[ \t]*(?:json|code)?[ \t]*(?:<\|message\|>)?\s*/y
/** What stands behind the name of a recipient that was told before the channel, its own token being lost. */
const RECIPIENT_HEADER =
  /([\w.-]+)[ \t]*<\|channel\|>[ \t]*([a-z]+)[^<]{0,64}(?:<\|constrain\|>[^<]{0,64})?<\|message\|>|([\w.-]+?)[ \t]*(?:commentary|analysis)?[ \t]*(?:json|code)?[ \t]*(?=\{)/y
const CUT_RECIPIENT_HEADER = /[\w.-]*[\w<|>\s]{0,320}$/y
const MESSAGE_ENDS: ReadonlySet<string> = new Set(['|end|', '|start|', '|channel|', '|return|', '|call|'])
const CUT_STRIPPED_HEADER = /[\w.-]*[a-z<|>\s]{0,64}$/y
const FUNCTIONS = 'functions.'

const readMessage: TagReader = function* (desk, tag) {
  if (desk.called && tag.name === '|start|' && (yield* isResult(desk))) return 'cut'
  const rest = yield* readHeader(desk)
  if (rest === undefined) return 'none'
  const header = `<${tag.name}>${rest}`
  const channel = /<\|channel\|>\s*([a-z]+)/.exec(header)?.[1]
  const role = /<\|start\|>\s*([\w.-]+)/.exec(header)?.[1] ?? 'assistant'
  const recipient = /\bto=([\w.-]+)/.exec(header)?.[1]
  if (role !== 'assistant') return desk.called ? 'cut' : 'none'
  if (recipient !== undefined && channel !== 'final' && isTool(desk, recipient)) return yield* readCall(desk, recipient)
  if (channel === 'analysis' && recipient === undefined) yield* readReasoning(desk)
  return 'message'
}

/** The name of a tool where a role belongs: no header needs to follow. */
function* isResult({ source }: Desk): Reading<boolean> {
  while (source.left < FUNCTIONS.length && !source.ended && FUNCTIONS.startsWith(source.text.slice(source.at))) yield
  return source.text.startsWith(FUNCTIONS, source.at)
}

function isTool({ tools }: Desk, recipient: string): boolean {
  return recipient.startsWith(FUNCTIONS) || (!tools.open && tools.find(recipient) !== undefined)
}

/** @returns what stands before the content, special tokens included. */
function* readHeader({ source }: Desk): Reading<string | undefined> {
  for (;;) {
    HEADER.lastIndex = source.at
    const match = HEADER.exec(source.text)
    // A header that is too long is none, however much of it is there already.
    if (match !== null && match[0].length <= MAX_HEADER) {
      source.skip(match[0].length)
      return match[0]
    }
    if (source.ended || source.left > MAX_HEADER) return undefined
    yield
  }
}

function* readCall(desk: Desk, name: string): Reading<Outcome> {
  const tool = findTool(desk, name.startsWith(FUNCTIONS) ? name.slice(FUNCTIONS.length) : name)
  return tool === undefined ? 'none' : yield* readNamedCall(desk, { tool })
}

function* readReasoning({ source, reasoning }: Desk): Reading {
  for (;;) {
    const { text, at, ended } = source
    const open = text.indexOf('<', at)
    const tag = open < 0 ? undefined : source.tagAt(open)
    const isEnd = tag !== undefined && tag !== 'cut' && MESSAGE_ENDS.has(tag.name)
    const safe = open < 0 ? text.length : isEnd || tag === 'cut' ? open : open + 1
    if (safe > at) reasoning(source.take(safe - at))
    if (isEnd || (ended && source.left === 0)) return
    if (tag === 'cut' || open < 0) yield
  }
}

/** What is left of a header when a server drops special tokens; the words before the name were read. */
function* readStripped(desk: Desk): Reading<Outcome> {
  const { source } = desk
  for (;;) {
    CUT_STRIPPED_HEADER.lastIndex = source.at
    if (!source.ended && CUT_STRIPPED_HEADER.test(source.text)) {
      yield
      continue
    }
    STRIPPED_HEADER.lastIndex = source.at
    const match = STRIPPED_HEADER.exec(source.text)
    const end = match === null ? source.at : STRIPPED_HEADER.lastIndex
    if (match === null || source.text.charAt(end) !== '{') return 'none'
    source.skip(end - source.at)
    return yield* readCall(desk, match[1] ?? '')
  }
}

/** A recipient before the channel: the head of a message whose beginning the server wrote itself, or whose tokens it dropped. */
function* readRecipient(desk: Desk): Reading<Outcome> {
  const { source } = desk
  for (;;) {
    CUT_RECIPIENT_HEADER.lastIndex = source.at
    if (!source.ended && CUT_RECIPIENT_HEADER.test(source.text)) {
      yield
      continue
    }
    RECIPIENT_HEADER.lastIndex = source.at
    const match = RECIPIENT_HEADER.exec(source.text)
    if (match === null) return 'none'
    source.skip(match[0].length)
    return match[2] === 'final' ? 'message' : yield* readCall(desk, match[1] ?? match[3] ?? '')
  }
}

export const HARMONY: Dialect = {
  name: 'harmony',
  tags: { '|channel|': readMessage, '|start|': readMessage },
  words: [
    { word: 'commentary to=functions.', read: readStripped },
    { word: 'assistantcommentary to=functions.', read: readStripped },
    { word: 'to=functions.', read: readRecipient },
    { word: 'assistant to=functions.', read: readRecipient },
  ],
  tokens: ['|call|', '|end|', '|return|', '|message|', '|constrain|'],
}
