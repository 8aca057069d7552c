/** Embeddings: `/api/embed`, and `/api/embeddings` that was before it, both ways. */
import type { AnswerContext, Decoded, EmbeddingReplyContext, Encoded, WireRequest } from '../codec.ts'
import { defined } from '../ir/defined.ts'
import type { EmbeddingInput, EmbeddingRequest, EmbeddingResponse } from '../ir/embedding.ts'
import { ApiFailure } from '../ir/error.ts'
import {
  blameUpstream,
  expectArray,
  expectBoolean,
  expectList,
  expectNumber,
  expectObject,
  expectPositiveInteger,
  expectString,
  optional,
  refuse,
} from '../ir/expect.ts'
import { collectExtra, type JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { type FieldTable, writeFields } from '../ir/field-table.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import type { Rest } from '../ir/rest.ts'
import { decodeToldError, tellsError } from './error.ts'
import { OLD_EMBED_PATH } from './paths.ts'
import { createRest, dropBlank, giveBack, giveBackBlank, isSpelled, PROTOCOL } from './rest.ts'
import { COUNTERS, decodeUsage } from './usage.ts'
import type { EmbedCall } from './wire.ts'

const MEMBERS = new Set(['model', 'input', 'truncate', 'dimensions'])
const OLD_MEMBERS = new Set(['model', 'prompt'])
const ANSWER_MEMBERS = new Set(['model', 'embeddings', 'embedding', ...COUNTERS])
/** One text without a list around it. */
const BARE = 'bare-input'
/** What is to be embedded may be empty, and is then still a text. */
const NEVER_BLANK = new Set(['input', 'prompt'])

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeEmbeddingRequest(wire: WireRequest, body: unknown): Decoded<EmbeddingRequest> {
  const all = expectObject(body, 'body')
  const { losses } = listLosses()
  const rest = createRest()
  const isOld = wire.endpoint.path === OLD_EMBED_PATH
  const fields = dropBlank(all, rest, NEVER_BLANK)
  const model = expectString(all.model, 'model')
  if (model === '') refuse('model', 'expected the name of a model')
  const value = defined<EmbeddingRequest>({
    model,
    inputs: isOld ? [textOf(expectString(fields.prompt, 'prompt'))] : readInputs(fields.input, rest),
    dimensions: isOld ? undefined : optional(fields.dimensions, 'dimensions', expectPositiveInteger),
    truncate: isOld ? undefined : optional(fields.truncate, 'truncate', expectBoolean),
    ...keepRest(fields, isOld ? OLD_MEMBERS : MEMBERS, rest),
  })
  return { value, losses }
}

function keepRest(fields: JsonObject, known: ReadonlySet<string>, rest: Rest) {
  rest.take(fields, known)
  return rest.kept()
}

function textOf(text: string): EmbeddingInput {
  return { type: 'text', text }
}

function readInputs(value: unknown, rest: Rest): EmbeddingInput[] {
  if (typeof value === 'string') {
    rest.spell(BARE)
    return [textOf(value)]
  }
  const texts = expectList(expectString)(value, 'input')
  if (texts.length === 0) refuse('input', 'expected at least one text')
  return texts.map(textOf)
}

const FIELDS: FieldTable<EmbeddingRequest, EmbedCall, ReportLoss> = {
  model: { elsewhere: 'encodeEmbeddingRequest' },
  inputs: { elsewhere: 'encodeEmbeddingRequest' },
  dimensions: {
    write(dimensions, wire) {
      wire.dimensions = dimensions
      return undefined
    },
  },
  // How the client wants the numbers is told in the answer to it: they come as numbers.
  encoding: { elsewhere: 'the codec of the client' },
  purpose: { lost: 'Ollama does not ask what the vectors are for' },
  truncate: {
    write(truncate, wire) {
      wire.truncate = truncate
      return undefined
    },
  },
  userId: { lost: 'Ollama knows no end users' },
  extra: { elsewhere: 'encodeEmbeddingRequest' },
  spelling: { elsewhere: 'encodeEmbeddingRequest' },
}

/**
 * Writes for `/api/embed`, in whatever form the client asked; never changes `request`.
 *
 * @throws ApiFailure `bad-request` for tokens: their numbers mean something to another model's vocabulary only.
 */
export function encodeEmbeddingRequest(request: EmbeddingRequest, facts: ModelFacts): Encoded {
  const { losses, report } = listLosses()
  const texts = request.inputs.map((input, index) => {
    if (input.type === 'tokens') refuse('input', 'expected texts: this provider takes no tokens')
    if (input.title !== undefined) report(`inputs.${index}.title`, 'a text has no title here')
    return input.text
  })
  const [only] = texts
  const wire: EmbedCall = {
    model: request.model,
    input: isSpelled(request, BARE) && only !== undefined ? only : texts,
  }
  writeFields(request, FIELDS, wire, report, '', report)
  giveBack(wire, request, '', report)
  giveBackBlank(wire, request)
  for (const name of facts.refuses ?? []) {
    if (!Object.hasOwn(wire, name)) continue
    delete wire[name]
    report(name, `this provider refuses ${name}`)
  }
  return { body: wire, losses }
}

/** @throws ApiFailure of the kind that the answer itself tells, else `upstream-failed` when it is no answer. */
export function decodeEmbeddingResponse(body: unknown, _context: AnswerContext): Decoded<EmbeddingResponse> {
  const { losses } = listLosses()
  const fields = blameUpstream(() => expectObject(body, 'body'))
  if (tellsError(fields)) throw new ApiFailure(decodeToldError(fields.error))
  return { value: blameUpstream(() => readAnswer(fields)), losses }
}

const expectVector = expectList(expectNumber)

function readAnswer(fields: JsonObject): EmbeddingResponse {
  const vectors =
    fields.embeddings === undefined
      ? [expectVector(fields.embedding, 'embedding')]
      : expectArray(fields.embeddings, 'embeddings').map((one, index) => expectVector(one, `embeddings.${index}`))
  if (vectors.length === 0) refuse('embeddings', 'expected at least one vector')
  return defined<EmbeddingResponse>({
    model: typeof fields.model === 'string' ? fields.model : '',
    vectors,
    usage: decodeUsage(fields),
    extra: collectExtra(fields, ANSWER_MEMBERS, PROTOCOL),
  })
}

/** As the path has it that the client called: the older one knows a single vector and no counters. */
export function encodeEmbeddingResponse(response: EmbeddingResponse, context: EmbeddingReplyContext): Encoded {
  const { losses, report } = listLosses()
  const extra = response.extra === undefined ? {} : { extra: response.extra }
  if (context.wire.endpoint.path === OLD_EMBED_PATH) {
    const body: Record<string, unknown> = { embedding: response.vectors[0] ?? [] }
    giveBack(body, extra, '', report)
    return { body, losses }
  }
  const { usage } = response
  const body: Record<string, unknown> = {
    model: context.askedModel,
    embeddings: response.vectors,
    total_duration: 0,
    load_duration: 0,
    prompt_eval_count: usage?.inputTokens ?? 0,
  }
  if (usage?.extra?.protocol === PROTOCOL) Object.assign(body, usage.extra.fields)
  else giveBack({}, usage?.extra === undefined ? {} : { extra: usage.extra }, 'usage', report)
  giveBack(body, extra, '', report)
  return { body, losses }
}
