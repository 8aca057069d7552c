/** A whole answer, both ways. */

import type { AnswerContext, Decoded, Encoded, ReplyContext } from '../codec.ts'
import { defined } from '../ir/defined.ts'
import { ApiFailure } from '../ir/error.ts'
import { blameUpstream, expectArray, expectObject, refuse } from '../ir/expect.ts'
import { type Extra, type JsonObject, loseExtra } from '../ir/extra.ts'
import { readTokens } from '../ir/logprobs.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import type { Part, ReasoningPart, ToolCallPart } from '../ir/part.ts'
import type { ChatResponse, Choice } from '../ir/response.ts'
import { splitThoughts } from '../ir/split-thoughts.ts'
import type { Usage } from '../ir/usage.ts'
import { scanObject } from '../json/scan.ts'
import { readValue } from '../json/span.ts'
import { type AnswerHead, addWholePart, encodeHead, wantsFunctionCall } from './answer-parts.ts'
import { ASSISTANT_MEMBERS, decodeAssistant } from './assistant.ts'
import { encodeCall, encodeFunctionCall, isLegacyCall } from './calls.ts'
import { encodeCitation } from './citations.ts'
import { readFailedChoice, readFailure } from './failure.ts'
import { decodeFinish, encodeFinish } from './finish.ts'
import { encodeCallProof, encodeDetails } from './reasoning.ts'
import { createRest, giveBack, PROTOCOL } from './rest.ts'
import { decodeUsage, encodeUsage, findUsage } from './usage.ts'
import type { AnswerMessage, ChatCompletion, CompletionChoice } from './wire.ts'

/** `obfuscation` and `p` are random letters against eavesdroppers (Q5). */
const MEMBERS = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', 'service_tier', 'obfuscation', 'p'])
const CHOICE_MEMBERS = new Set(['index', 'message', 'finish_reason', 'logprobs'])

/** @throws ApiFailure of the kind that the answer itself tells (F48), else `upstream-failed` when it is no answer. */
export function decodeResponse(body: unknown, { facts }: AnswerContext): Decoded<ChatResponse> {
  const failure = hasError(body) ? readFailure(body) : readFailedChoice(choicesOf(body))
  if (failure !== undefined) throw new ApiFailure(failure)
  const { losses } = listLosses()
  return { value: blameUpstream(() => readAnswer(body, facts.countsReasoningAsOutput)), losses }
}

function hasError(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body
}

function choicesOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'choices' in body ? body.choices : undefined
}

function readAnswer(body: unknown, reasoningIsOutput: boolean | undefined): ChatResponse {
  const fields = expectObject(body, 'body')
  const choices = expectArray(fields.choices, 'choices')
  if (choices.length === 0) refuse('choices', 'expected at least one answer')
  const rest = createRest()
  rest.take(fields, MEMBERS)
  const id = textOf(fields.id)
  const created = typeof fields.created === 'number' && fields.created > 0 ? Math.floor(fields.created) : undefined
  const tier = textOf(fields.service_tier)
  return defined<ChatResponse>({
    id,
    model: textOf(fields.model),
    createdAt: created,
    choices: choices
      .map((choice, index) => readChoice(choice, index, `${id} ${created}`))
      .sort((one, other) => one.index - other.index),
    usage: decodeUsage(findUsage(fields), reasoningIsOutput),
    serviceTier: tier === '' ? undefined : tier,
    extra: rest.kept().extra,
  })
}

/** @param answer tells this answer from all others of its conversation, for ids of calls that have none. */
function readChoice(value: unknown, position: number, answer: string): Choice {
  const path = `choices.${position}`
  const fields = expectObject(value, path)
  const message = expectObject(fields.message, `${path}.message`)
  const index = Number.isSafeInteger(fields.index) && Number(fields.index) >= 0 ? Number(fields.index) : position
  const rest = createRest()
  rest.take(fields, CHOICE_MEMBERS)
  rest.take(message, ASSISTANT_MEMBERS, 'message.')
  const said = decodeAssistant(message, `${path}.message`, `${answer} ${index}`, createRest())
  const parts = said.flatMap(splitThoughts)
  const logprobs = isTold(fields.logprobs) ? { protocol: PROTOCOL, value: fields.logprobs } : undefined
  return defined<Choice>({
    index,
    parts,
    finish: decodeFinish(fields.finish_reason, {
      calls: parts.some((part) => part.type === 'tool-call'),
      refusal: parts.some((part) => part.type === 'refusal'),
    }),
    logprobs,
    extra: rest.kept().extra,
  })
}

/** Some vendors send an object in which every list is null. */
/** Nothing, and a report, for those in a form that only another protocol has. */
export function encodeLogprobs(logprobs: Choice['logprobs'], path: string, report: ReportLoss): unknown {
  if (logprobs === undefined || logprobs.protocol === PROTOCOL) return logprobs?.value
  const content = readTokens(logprobs, path, report)
  if (content !== undefined) return { content, refusal: null }
  report(`${path}.logprobs`, 'written in a form of another protocol')
  return undefined
}

function isTold(logprobs: unknown): logprobs is JsonObject {
  return typeof logprobs === 'object' && logprobs !== null && Object.values(logprobs).some((list) => list !== null)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function encodeResponse(response: ChatResponse, context: ReplyContext): Encoded {
  const { losses, report } = listLosses()
  const head = encodeHead(response, context, report)
  const body: ChatCompletion = {
    ...head,
    object: 'chat.completion',
    choices: response.choices.map((choice, place) => writeChoice(choice, `choices.${place}`, head, context, report)),
    ...(response.usage === undefined ? {} : { usage: encodeUsage(response.usage, report) }),
  }
  giveBack(body, keptOf(response.extra), '', report)
  return { body, losses }
}

function keptOf(extra: Extra | undefined): { readonly extra?: Extra } {
  return extra === undefined ? {} : { extra }
}

function writeChoice(
  choice: Choice,
  path: string,
  head: AnswerHead,
  context: ReplyContext,
  report: ReportLoss,
): CompletionChoice {
  const message = writeMessage(choice.parts, path, head, context, report)
  const finish = encodeFinish(
    choice.finish,
    choice.parts.some((part) => part.type === 'refusal'),
  )
  if (finish.change !== undefined) report(`${path}.finish.reason`, finish.change, 'changed')
  if (choice.finish.stopSequence !== undefined)
    report(`${path}.finish.stopSequence`, 'Chat Completions does not say which')
  const wire: CompletionChoice = {
    index: choice.index,
    message,
    logprobs: encodeLogprobs(choice.logprobs, path, report) ?? null,
    finish_reason: message.function_call !== undefined && finish.word === 'tool_calls' ? 'function_call' : finish.word,
  }
  giveBack(wire, keptOf(choice.extra), path, report)
  return wire
}

/** Parts of a choice by kind, as the message has a member for each. */
interface Gathered {
  readonly texts: string[]
  readonly refusals: string[]
  readonly thoughts: { readonly part: ReasoningPart; readonly path: string }[]
  readonly calls: { readonly part: ToolCallPart; readonly path: string }[]
}

function writeMessage(
  parts: readonly Part[],
  path: string,
  head: AnswerHead,
  context: ReplyContext,
  report: ReportLoss,
): AnswerMessage {
  const wire: AnswerMessage = { role: 'assistant', content: null, refusal: null }
  const gathered: Gathered = { texts: [], refusals: [], thoughts: [], calls: [] }
  let length = 0
  for (const [index, part] of parts.entries()) {
    const at = `${path}.parts.${index}`
    if (part.type === 'text' || part.type === 'refusal' || part.type === 'reasoning') loseExtra(part.extra, at, report)
    if (part.type === 'text') {
      writeCitations(wire, part, length, at, report)
      if (part.signature !== undefined) report(`${at}.signature`, 'Chat Completions has no signatures on text')
      gathered.texts.push(part.text)
      length += part.text.length
    } else if (part.type === 'refusal') gathered.refusals.push(part.text)
    else if (part.type === 'reasoning') gathered.thoughts.push({ part, path: at })
    else if (part.type === 'tool-call') gathered.calls.push({ part, path: at })
    else if (part.type === 'tool-result') report(at, 'an answer holds no results of tools')
    else addWholePart(wire, part, at, head, report)
  }
  writeThoughts(wire, gathered, report)
  writeCalls(wire, gathered, context, report)
  if (gathered.refusals.length > 0) wire.refusal = gathered.refusals.join('')
  const isElsewhere = gathered.calls.length > 0 || gathered.refusals.length > 0 || wire.audio !== undefined
  // Strict clients overlook the calls beside an empty string (trap 54), and expect a string where there is nothing else.
  wire.content = length > 0 || !isElsewhere ? gathered.texts.join('') : null
  return wire
}

function writeCitations(
  wire: AnswerMessage,
  part: Extract<Part, { type: 'text' }>,
  start: number,
  path: string,
  report: ReportLoss,
): void {
  const span = { start, end: start + part.text.length }
  for (const [index, citation] of (part.citations ?? []).entries()) {
    const annotation = encodeCitation(citation, span, `${path}.citations.${index}`, report)
    if (annotation !== undefined) wire.annotations = [...(wire.annotations ?? []), annotation]
  }
}

/** The text for everybody, and where there are proofs, the list that carries them for those who send it back. */
function writeThoughts(wire: AnswerMessage, { thoughts, calls }: Gathered, report: ReportLoss): void {
  const text = thoughts.map(({ part }) => part.text).join('')
  if (text !== '') wire.reasoning_content = text
  const proofs = calls.flatMap(({ part }) => encodeCallProof(part, part.id) ?? [])
  // An empty signature proves nothing: some wires must have the member.
  const isProven = thoughts.some(({ part }) => (part.signature ?? '') !== '' || part.encrypted !== undefined)
  if (!isProven && proofs.length === 0) return
  const told = thoughts.flatMap(({ part, path }, index) => encodeDetails(part, index, path, report))
  wire.reasoning_details = [...(wire.reasoning_details ?? []), ...told, ...proofs]
}

function writeCalls(wire: AnswerMessage, { calls }: Gathered, context: ReplyContext, report: ReportLoss): void {
  for (const { part, path } of calls) {
    const isLegacy = isLegacyCall(part) || wantsFunctionCall(context)
    if (part.namespace !== undefined) report(`${path}.namespace`, 'tools have no groups here')
    if (!isLegacy) {
      // Told in full, however the back end left out what it could.
      const { spelling: _spelling, ...call } = part
      wire.tool_calls = [...(wire.tool_calls ?? []), encodeCall(call, part.id, part.freeform === true, path, report)]
    } else if (wire.function_call === undefined) {
      wire.function_call = encodeFunctionCall(part, path, report)
    } else {
      report(path, 'a client that declares functions hears of one call only')
    }
  }
}

/** Counters of a relayed answer. Never throws. */
export function readUsage(body: Uint8Array): Usage | undefined {
  try {
    const usage = scanObject(body).last('usage')
    return usage === undefined ? undefined : decodeUsage(readValue(body, usage))
  } catch {
    // What the client gets is not ours to judge here.
    return undefined
  }
}
