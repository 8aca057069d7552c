/** A whole answer, both ways. */
import type { AnswerContext, Decoded, Encoded, ReplyContext } from '../codec.ts'
import { createArgumentsTracker } from '../ir/arguments.ts'
import { defined } from '../ir/defined.ts'
import { ApiFailure } from '../ir/error.ts'
import { blameUpstream, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import { type JsonObject, loseExtra } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import type { Part, ToolCallPart } from '../ir/part.ts'
import type { ChatResponse, Choice } from '../ir/response.ts'
import { splitThoughts } from '../ir/split-thoughts.ts'
import type { Usage } from '../ir/usage.ts'
import { scanObject } from '../json/scan.ts'
import { readValue } from '../json/span.ts'
import {
  collectAnswerExtra,
  decodeLogprobs,
  encodeHead,
  encodeLogprobs,
  findSaid,
  isGenerate,
  readElapsed,
  type SaidFields,
} from './answer.ts'
import { encodeCall } from './calls.ts'
import { decodeToldError, tellsError } from './error.ts'
import { decodeFinish, encodeFinish, isIdleFinish } from './finish.ts'
import { encodeImage } from './media.ts'
import { decodeCalls, readImages } from './message-decode.ts'
import { giveBack } from './rest.ts'
import { decodeTime } from './time.ts'
import { COUNTERS, decodeUsage, encodeUsage } from './usage.ts'
import type { Answer, CallMessage } from './wire.ts'

/** @throws ApiFailure of the kind that the answer itself tells, else `upstream-failed` when it is no answer. */
export function decodeResponse(body: unknown, { facts }: AnswerContext): Decoded<ChatResponse> {
  const { losses } = listLosses()
  const fields = blameUpstream(() => expectObject(body, 'body'))
  if (tellsError(fields)) throw new ApiFailure(decodeToldError(fields.error))
  return { value: blameUpstream(() => readAnswer(fields, facts)), losses }
}

function readAnswer(fields: JsonObject, facts: ModelFacts): ChatResponse {
  const said = findSaid(fields) ?? refuse('message', 'expected the message of an answer')
  const told = readParts(said, fields.created_at)
  const parts = facts.thinkTags === true ? told.flatMap(splitThoughts) : told
  return defined<ChatResponse>({
    id: '',
    model: typeof fields.model === 'string' ? fields.model : '',
    createdAt: decodeTime(fields.created_at),
    choices: [
      defined<Choice>({
        index: 0,
        parts,
        finish: decodeFinish(
          fields.done_reason,
          parts.some(({ type }) => type === 'tool-call'),
        ),
        logprobs: decodeLogprobs(fields.logprobs),
      }),
    ],
    usage: decodeUsage(fields),
    extra: collectAnswerExtra(fields, said),
  })
}

/** @param createdAt tells this answer from all others of its conversation, for ids of calls that have none. */
function readParts({ fields, content, path }: SaidFields, createdAt: unknown): Part[] {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  const thinking = optional(fields.thinking, at('thinking'), expectString) ?? ''
  const text = optional(content, path === '' ? 'response' : at('content'), expectString) ?? ''
  const moment = typeof createdAt === 'string' ? createdAt.replaceAll(/\D/g, '') : ''
  return [
    ...(thinking === '' ? [] : [{ type: 'reasoning', text: thinking } as const]),
    ...(text === '' ? [] : [{ type: 'text', text } as const]),
    ...readImages(fields, path),
    ...decodeCalls(fields.tool_calls, at('tool_calls'), (place) => `call_${moment}_${place}`),
  ]
}

export function encodeResponse(response: ChatResponse, context: ReplyContext): Encoded {
  const { losses, report } = listLosses()
  const choice = response.choices[0]
  if (response.choices.length > 1) report('choices', 'only the first answer is told: Ollama knows no more')
  if (response.serviceTier !== undefined) report('serviceTier', 'Ollama has no tiers')
  const path = 'choices.0'
  const wire: Answer = {
    ...encodeHead(response.createdAt, context),
    ...writeSaid(choice?.parts ?? [], path, isGenerate(context), report),
    done_reason: choice === undefined ? 'stop' : encodeFinish(choice.finish, `${path}.finish`, report),
    done: true,
    ...(isIdleFinish(choice?.finish) ? {} : encodeUsage(response.usage, readElapsed(context), report)),
  }
  const logprobs = encodeLogprobs(choice?.logprobs, path, report)
  if (logprobs !== undefined) wire.logprobs = logprobs
  else if (choice?.logprobs !== undefined) report(`${path}.logprobs`, 'written in the form of another protocol')
  giveBack(wire, choice?.extra === undefined ? {} : { extra: choice.extra }, path, report)
  giveBack(wire, response.extra === undefined ? {} : { extra: response.extra }, '', report)
  return { body: wire, losses }
}

function writeSaid(
  parts: readonly Part[],
  path: string,
  asGenerate: boolean,
  report: ReportLoss,
): Pick<Answer, 'message' | 'response' | 'thinking'> {
  const message: CallMessage = { role: 'assistant', content: '' }
  for (const [index, part] of parts.entries()) addPart(message, part, `${path}.parts.${index}`, report)
  if (!asGenerate) return { message }
  const { content = '', thinking, images, tool_calls: calls } = message
  if (images !== undefined) report(`${path}.parts`, 'an answer to a prompt holds no pictures')
  return {
    response: content,
    ...(thinking === undefined ? {} : { thinking }),
    ...(calls === undefined ? {} : { tool_calls: calls }),
  }
}

function addPart(message: CallMessage, part: Part, path: string, report: ReportLoss): void {
  // A message has one member for all parts of a kind: only calls have room for more.
  if (part.type !== 'tool-call') loseExtra(part.extra, path, report)
  switch (part.type) {
    case 'text':
      reportTextMarks(part, path, report)
      message.content = `${message.content ?? ''}${part.text}`
      return
    case 'refusal':
      report(path, 'a refusal is told as text', 'changed')
      message.content = `${message.content ?? ''}${part.text}`
      return
    case 'reasoning':
      reportProof(part, path, report)
      if (part.text !== '') message.thinking = `${message.thinking ?? ''}${part.text}`
      return
    case 'tool-call':
      // Told in full, however the back end left out what it could: a client that sends the id back is understood by it.
      addCall(message, part, path, report)
      return
    case 'image': {
      const image = encodeImage(part, path, report)
      if (image !== undefined) message.images = [...(message.images ?? []), image]
      return
    }
    case 'audio':
    case 'file':
    case 'tool-result':
      report(path, UNTELLABLE)
      return
    case 'opaque':
      report(path, `only ${part.protocol} has such a block`)
  }
}

/** Why most kinds of parts are left out of an answer. */
export const UNTELLABLE = 'an answer holds text, thoughts, calls and pictures here'

function addCall(message: CallMessage, part: ToolCallPart, path: string, report: ReportLoss): void {
  const { tool_calls: calls = [] } = message
  const call = encodeAnswerCall(part, path, calls.length, report)
  if (call !== undefined) message.tool_calls = [...calls, call]
}

/**
 * A call as answers tell it, with its id and its number; nothing where its arguments break off. Arguments are an object here, and
 * clients run whatever call they see, be it half of one (trap 143).
 */
export function encodeAnswerCall(part: ToolCallPart, path: string, index: number, report: ReportLoss) {
  if (part.freeform !== true && isCut(part.arguments)) {
    report(path, 'the answer was cut in the middle of this tool call')
    return undefined
  }
  const { spelling: _spelling, ...call } = part
  if (part.namespace !== undefined) report(`${path}.namespace`, 'tools have no groups here')
  const wire = encodeCall(call, path, report)
  return { ...wire, function: { index, ...wire.function } }
}

function isCut(args: string): boolean {
  const tracker = createArgumentsTracker()
  tracker.push(args)
  return tracker.truncated
}

function reportTextMarks(part: Extract<Part, { type: 'text' }>, path: string, report: ReportLoss): void {
  if (part.signature !== undefined) report(`${path}.signature`, 'Ollama has no signatures on text')
  if (part.citations !== undefined && part.citations.length > 0) report(`${path}.citations`, NO_CITATIONS)
}

export const NO_CITATIONS = 'Ollama cannot say where a text comes from'

function reportProof(part: Extract<Part, { type: 'reasoning' }>, path: string, report: ReportLoss): void {
  if (part.signature !== undefined) report(`${path}.signature`, 'Ollama has no signatures on thoughts')
  if (part.encrypted !== undefined) report(`${path}.encrypted`, 'only its issuer can read this thought')
}

/** Counters of a relayed answer. Never throws. */
export function readUsage(body: Uint8Array): Usage | undefined {
  try {
    const members = scanObject(body)
    const counters: Record<string, unknown> = {}
    for (const name of COUNTERS) {
      const span = members.last(name)
      if (span !== undefined) counters[name] = readValue(body, span)
    }
    return decodeUsage(counters)
  } catch {
    // What the client gets is not ours to judge here.
    return undefined
  }
}
