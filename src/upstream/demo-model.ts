/** The model of the demo: a function from a request to an answer. It repeats, and calls tools when it is told to. */
import type { Finish } from '../../protocols/ir/finish.ts'
import type { Message } from '../../protocols/ir/message.ts'
import type { MediaSource, Part, ToolCallPart, ToolResultPart } from '../../protocols/ir/part.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { FreeformTool, FunctionTool } from '../../protocols/ir/tool.ts'
import type { Usage } from '../../protocols/ir/usage.ts'
import { type Lesson, readLesson } from './demo-lesson.ts'
import { sampleSchema } from './sample-schema.ts'

/** What the model says; the transport gives it id and time. */
export interface DemoAnswer {
  readonly parts: readonly Part[]
  readonly finish: Finish
  readonly usage: Usage
}

const NOTE =
  'This is the built-in demo model of Interlingua: no AI was asked. To have one answer, name a provider in a config file ' +
  'and start with --config; see "Add a real provider" in the README.'

/** Enough to see that it is one's own text. */
const MAX_QUOTE_CHARACTERS = 4000

/** The rule by which the demo counts: four characters are a token, and nothing is free. */
const CHARACTERS_PER_TOKEN = 4

/** `call NAME`, perhaps followed by arguments, on a line of its own. */
const CALL_LINE = /^[ \t]*call[ \t]+(\S+)[ \t]*(.*)$/gim

type CallableTool = FunctionTool | FreeformTool

/**
 * Answers the last turn: results of tools are quoted; `call NAME {json}` calls that tool, several such lines several
 * tools; everything else is repeated. Tools that only the prompt tells of are called in the words that it teaches. The
 * same request always gets the same answer.
 */
export function answerAsDemo(request: ChatRequest): DemoAnswer {
  const lesson = request.tools === undefined ? readLesson(request) : undefined
  return lesson === undefined ? answer(request) : writeCalls(answer(lesson.request), lesson)
}

/** The answer of a model that only writes text. */
function writeCalls(native: DemoAnswer, { writeCall }: Lesson): DemoAnswer {
  if (native.finish.reason !== 'tool-calls') return native
  const lines = native.parts.map((part) => {
    return part.type === 'tool-call' ? writeCall(part) : part.type === 'text' ? part.text : ''
  })
  return { ...native, parts: [{ type: 'text', text: lines.join('\n') }], finish: { reason: 'stop' } }
}

function answer(request: ChatRequest): DemoAnswer {
  const inputTokens = countTokens(JSON.stringify([request.messages, request.tools ?? []]))
  const turn = lastTurn(request.messages)
  const results = turn.flatMap((message) => message.parts).filter((part) => part.type === 'tool-result')
  const calls = results.length > 0 ? [] : readCalls(request, lastText(turn))
  if (calls.some((call) => call.type === 'tool-call')) {
    return finishWithCalls(calls, inputTokens)
  }
  const refused = calls.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const text = results.length > 0 ? quoteResults(results, request.messages) : refused || repeat(request, turn)
  return finishWithText(formatText(text, request), request, inputTokens)
}

/** Everything after the model's last words. */
function lastTurn(messages: readonly Message[]): readonly Message[] {
  const spoken = messages.findLastIndex((message) => message.role === 'assistant')
  return messages.slice(spoken + 1).filter((message) => message.role === 'user' || message.role === 'tool')
}

/** Clients put reminders of their own before what the user wrote: the last text is the user's. */
function lastText(turn: readonly Message[]): string {
  for (const message of turn.toReversed()) {
    const text = message.parts.findLast((part) => part.type === 'text')
    if (text !== undefined) return text.text
  }
  return ''
}

/** Calls for the lines that ask for one; text where a line cannot be obeyed. Nothing at all when nothing is asked. */
function readCalls(request: ChatRequest, text: string): Part[] {
  const tools = (request.tools ?? []).filter((tool) => tool.type !== 'hosted')
  if (request.toolChoice?.type === 'none') return []
  // Ids are unique in the conversation, or a client would pair results with the wrong call.
  const earlier = request.messages
    .flatMap((message) => message.parts)
    .filter((part) => part.type === 'tool-call').length
  const parts: Part[] = []
  for (const [, name = '', rest = ''] of text.matchAll(CALL_LINE)) {
    const written = rest.trim()
    // "Call me when you are done" is no order.
    const isOrder = hasName(tools, name) || written.startsWith('{') || (written === '' && tools.length > 0)
    if (isOrder) parts.push(callTool(tools, name, written, earlier + parts.length))
  }
  const first = parts.find((part) => part.type === 'tool-call')
  if (first !== undefined) return request.parallelToolCalls === false ? [first] : parts
  const forced = forcedTool(request, tools)
  return forced === undefined ? parts : [makeCall(forced, sampleArguments(forced, text), earlier)]
}

function hasName(tools: readonly CallableTool[], name: string): boolean {
  return tools.some((tool) => tool.name === name)
}

function callTool(tools: readonly CallableTool[], name: string, written: string, number: number): Part {
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) {
    return { type: 'text', text: `There is no tool called "${name}" here. ${listTools(tools)}\n` }
  }
  if (tool.type === 'freeform') return makeCall(tool, written, number)
  const json = written === '' ? '{}' : written
  if (!isObjectText(json)) return { type: 'text', text: `What follows "call ${name}" is no JSON object: ${json}\n` }
  return makeCall(tool, json, number)
}

function makeCall(tool: CallableTool, written: string, number: number): ToolCallPart {
  return {
    type: 'tool-call',
    id: `call_demo_${number}`,
    name: tool.name,
    arguments: written,
    ...(tool.type === 'freeform' ? { freeform: true } : {}),
    ...(tool.namespace === undefined ? {} : { namespace: tool.namespace }),
  }
}

function isObjectText(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** The tool that must be called though no line asks for one. */
function forcedTool(request: ChatRequest, tools: readonly CallableTool[]): CallableTool | undefined {
  const choice = request.toolChoice
  if (choice?.type === 'required') return tools[0]
  if (choice?.type === 'tool') return tools.find((tool) => tool.name === choice.name)
  if (choice?.type === 'allowed' && choice.mode === 'required') {
    return tools.find((tool) => choice.names.includes(tool.name))
  }
  return undefined
}

function sampleArguments(tool: CallableTool, text: string): string {
  const quote = cut(text, 80)
  return tool.type === 'freeform' ? quote : JSON.stringify(sampleSchema(tool.parameters ?? { type: 'object' }, quote))
}

function listTools(tools: readonly CallableTool[]): string {
  if (tools.length === 0) return 'No tools are offered.'
  return `The tools that are offered: ${tools.map((tool) => tool.name).join(', ')}.`
}

function quoteResults(results: readonly ToolResultPart[], messages: readonly Message[]): string {
  const calls = messages.flatMap((message) => message.parts).filter((part) => part.type === 'tool-call')
  return results
    .map((result) => {
      const name = result.name ?? calls.findLast((call) => call.id === result.callId)?.name ?? result.callId
      const content = result.content.map((part) => (part.type === 'text' ? part.text : describePart(part))).join(' ')
      return `The tool ${name} ${result.isError === true ? 'failed with' : 'answered'}: ${cut(content, MAX_QUOTE_CHARACTERS)}`
    })
    .join('\n')
}

function repeat(request: ChatRequest, turn: readonly Message[]): string {
  const shown = turn.flatMap((message) => message.parts).filter((part) => part.type !== 'text')
  const text = cut(lastText(turn), MAX_QUOTE_CHARACTERS)
  const sentences = [
    ...shown.map((part) => `You showed me ${describePart(part)}.`),
    text === '' ? 'You said nothing.' : `You said: ${text}`,
  ]
  const tools = (request.tools ?? []).filter((tool) => tool.type !== 'hosted')
  const hint = tools.length === 0 ? '' : ` ${listTools(tools)} Say "call NAME {json}" to have me call one.`
  return `${sentences.join('\n')}\n\n${NOTE}${hint}`
}

function describePart(part: Part): string {
  switch (part.type) {
    case 'image':
      return `an image (${describeSource(part.source)})`
    case 'audio':
      return `a sound (${describeSource(part.source)})`
    case 'file':
      return `a file (${part.filename === undefined ? '' : `${part.filename}, `}${describeSource(part.source)})`
    case 'text':
    case 'reasoning':
    case 'tool-call':
    case 'tool-result':
    case 'refusal':
    case 'opaque':
      return `a part of the kind ${part.type}`
  }
}

function describeSource(source: MediaSource): string {
  switch (source.type) {
    case 'base64':
      return `${source.mediaType}, ${countBase64Bytes(source.data)} bytes`
    case 'url':
      return source.mediaType === undefined ? 'by its address' : `${source.mediaType}, by its address`
    case 'text':
      return `${source.mediaType}, ${Buffer.byteLength(source.text)} bytes`
    case 'file-id':
      return 'by its id at a provider'
  }
}

function countBase64Bytes(data: string): number {
  return Buffer.byteLength(data, 'base64')
}

/** A client that asked for JSON can only read JSON. */
function formatText(text: string, request: ChatRequest): string {
  const format = request.settings.responseFormat
  if (format?.type === 'json') return JSON.stringify({ answer: text })
  if (format?.type === 'json-schema') return JSON.stringify(sampleSchema(format.schema, text))
  return text
}

function finishWithCalls(parts: readonly Part[], inputTokens: number): DemoAnswer {
  const outputTokens = countTokens(JSON.stringify(parts))
  return { parts, finish: { reason: 'tool-calls' }, usage: { inputTokens, outputTokens } }
}

function finishWithText(whole: string, request: ChatRequest, inputTokens: number): DemoAnswer {
  const { stop = [], maxOutputTokens } = request.settings
  let text = whole
  let finish: Finish = { reason: 'stop' }
  const sequence = firstOf(text, stop)
  if (sequence !== undefined) {
    text = text.slice(0, text.indexOf(sequence))
    finish = { reason: 'stop', stopSequence: sequence }
  }
  if (maxOutputTokens !== undefined && countTokens(text) > maxOutputTokens) {
    text = cutAt(text, maxOutputTokens * CHARACTERS_PER_TOKEN)
    finish = { reason: 'length' }
  }
  return { parts: [{ type: 'text', text }], finish, usage: { inputTokens, outputTokens: countTokens(text) } }
}

/** The stop sequence that comes first in the text. */
function firstOf(text: string, sequences: readonly string[]): string | undefined {
  let first: string | undefined
  for (const sequence of sequences) {
    const at = sequence === '' ? -1 : text.indexOf(sequence)
    if (at >= 0 && (first === undefined || at < text.indexOf(first))) first = sequence
  }
  return first
}

function countTokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / CHARACTERS_PER_TOKEN))
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${cutAt(text, length)}…`
}

/** Never through the middle of a character. */
function cutAt(text: string, length: number): string {
  const isSplit = /[\ud800-\udbff]$/.test(text.slice(0, length))
  return text.slice(0, isSplit ? length - 1 : length)
}
