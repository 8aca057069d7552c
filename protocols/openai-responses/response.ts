/** A whole answer, both ways. */
import type { AnswerContext, Decoded, Encoded, ReplyContext } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'
import { blameUpstream, expectArray, expectObject } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { ChatResponse, Choice } from '../ir/response.ts'
import type { Usage } from '../ir/usage.ts'
import { scanObject } from '../json/scan.ts'
import { readValue } from '../json/span.ts'
import { decodeHead, encodeHead } from './answer-head.ts'
import { opaqueItem } from './calls.ts'
import { COMPACTION_OBJECT } from './compaction.ts'
import { readFailedAnswer } from './failure.ts'
import { decodeFinish, encodeFinish } from './finish.ts'
import { isObject } from './is-object.ts'
import { createOutputContext } from './output.ts'
import { decodeOutputItem } from './output-decode.ts'
import { encodeOutput } from './output-encode.ts'
import { giveBack, PROTOCOL } from './rest.ts'
import { decodeUsage, encodeUsage } from './usage.ts'

/** @throws ApiFailure of the kind that the answer itself tells, else `upstream-failed` when it is no answer. */
export function decodeResponse(body: unknown, context: AnswerContext): Decoded<ChatResponse> {
  const failure = readFailedAnswer(body)
  if (failure !== undefined) throw new ApiFailure(failure)
  return { value: blameUpstream(() => readAnswer(body, context)), losses: [] }
}

function readAnswer(body: unknown, context: AnswerContext): ChatResponse {
  const fields = expectObject(body, 'body')
  const output = expectArray(fields.output, 'output').map((item, index) => expectObject(item, `output.${index}`))
  // A short conversation is no answer: all of it goes back as it is.
  const isCompact = fields.object === COMPACTION_OBJECT
  const parts = output.flatMap((item, index) =>
    isCompact ? [opaqueItem(item)] : decodeOutputItem(item, `output.${index}`, context),
  )
  const usage = decodeUsage(fields.usage)
  const logprobs = gatherLogprobs(output)
  const choice: Choice = {
    index: 0,
    parts,
    finish: decodeFinish(fields.status, fields.incomplete_details, {
      calls: parts.some((part) => part.type === 'tool-call'),
      refusal: parts.some((part) => part.type === 'refusal'),
    }),
    ...(logprobs === undefined ? {} : { logprobs }),
  }
  return { ...decodeHead(fields), choices: [choice], ...(usage === undefined ? {} : { usage }) }
}

function gatherLogprobs(output: readonly JsonObject[]): Choice['logprobs'] {
  const content = output.flatMap((item) =>
    (Array.isArray(item.content) ? item.content : []).flatMap((piece) =>
      isObject(piece) && Array.isArray(piece.logprobs) ? piece.logprobs : [],
    ),
  )
  return content.length === 0 ? undefined : { protocol: PROTOCOL, value: { content } }
}

export function encodeResponse(response: ChatResponse, reply: ReplyContext): Encoded {
  const { losses, report } = listLosses()
  const [choice, ...others] = response.choices
  for (const other of others) report(`choices.${other.index}`, 'the Responses API gives one answer')
  const body = encodeHead(response, reply, report)
  const written = encodeFinish(
    choice?.finish ?? { reason: 'stop' },
    choice?.parts.some(({ type }) => type === 'refusal') ?? false,
  )
  const { change, ...finish } = written
  if (change !== undefined) report('choices.0.finish.reason', change, 'changed')
  if (choice?.finish.stopSequence !== undefined) report('choices.0.finish.stopSequence', 'the API does not say which')
  Object.assign(body, finish)
  if (choice !== undefined) body.output = encodeOutput(choice, finish.status, createOutputContext(reply, report))
  if (response.usage !== undefined) body.usage = encodeUsage(response.usage, report)
  giveBack(body, response.extra === undefined ? {} : { extra: response.extra }, '', report)
  giveBack(body, choice?.extra === undefined ? {} : { extra: choice.extra }, 'choices.0', report)
  return { body, losses }
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
