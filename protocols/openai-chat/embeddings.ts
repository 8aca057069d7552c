/** Embeddings: `/v1/embeddings`, both ways. */
import type { AnswerContext, Decoded, EmbeddingReplyContext, Encoded, Glance, WireRequest } from '../codec.ts'
import { blameClient } from '../ir/blame-client.ts'
import { defined } from '../ir/defined.ts'
import type { EmbeddingInput, EmbeddingRequest, EmbeddingResponse } from '../ir/embedding.ts'
import { ApiFailure } from '../ir/error.ts'
import {
  blameUpstream,
  expectArray,
  expectInteger,
  expectList,
  expectNumber,
  expectObject,
  expectPositiveInteger,
  expectString,
  optional,
  refuse,
} from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { type FieldTable, writeFields } from '../ir/field-table.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import { JsonError } from '../json/json-error.ts'
import { scanObject } from '../json/scan.ts'
import { readValue } from '../json/span.ts'
import { readFailure } from './failure.ts'
import { createRest, giveBack, isOwn, isSpelled, type Rest, spelledAfter } from './rest.ts'
import { decodeUsage } from './usage.ts'
import { decodeVector, encodeVector } from './vector.ts'
import type { CreateEmbeddings, EmbeddingList } from './wire.ts'

const MEMBERS = new Set(['model', 'input', 'encoding_format', 'dimensions', 'user'])
const ANSWER_MEMBERS = new Set(['object', 'data', 'model', 'usage'])
/** How the client wrote a single input. */
const BARE = 'bare-input'
/** Perplexity's word for it, say (Q35): base64 as well, but of other numbers. */
const FORMAT = 'encoding_format:'
const ENCODINGS: readonly string[] = ['float', 'base64']

/** @throws ApiFailure `bad-request` for bytes that are no JSON object or lack model or input. */
export function glanceAtEmbeddings(body: Uint8Array): Glance {
  return blameClient(JsonError, () => {
    const members = scanObject(body)
    const model = members.last('model')
    if (members.last('input') === undefined) expectString(undefined, 'input')
    return {
      model: expectString(model === undefined ? undefined : readValue(body, model), 'model'),
      stream: false,
      thinking: false,
      needs: { tools: false, images: false, audio: false, files: false },
      textBytes: body.length,
    }
  })
}

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeEmbeddingRequest(_wire: WireRequest, body: unknown): Decoded<EmbeddingRequest> {
  const fields = expectObject(body, 'body')
  const { losses } = listLosses()
  const rest = createRest()
  const model = expectString(fields.model, 'model')
  if (model === '') refuse('model', 'expected the name of a model')
  const inputs = readInputs(fields.input, rest)
  const encoding = readEncoding(fields, rest)
  rest.take(fields, MEMBERS)
  const value = defined<EmbeddingRequest>({
    model,
    inputs,
    dimensions: optional(fields.dimensions, 'dimensions', expectPositiveInteger),
    encoding,
    userId: optional(fields.user, 'user', expectString),
    ...rest.kept(),
  })
  return { value, losses }
}

/** A text, several, the tokens of one, or the tokens of several. */
function readInputs(value: unknown, rest: Rest): EmbeddingInput[] {
  if (typeof value === 'string') {
    rest.spell(BARE)
    return [{ type: 'text', text: value }]
  }
  const list = expectArray(value, 'input')
  if (list.length === 0) refuse('input', 'expected at least one text')
  if (typeof list[0] === 'number') {
    rest.spell(BARE)
    return [{ type: 'tokens', tokens: expectList(expectInteger)(list, 'input') }]
  }
  return list.map((one, index) =>
    typeof one === 'string'
      ? { type: 'text', text: one }
      : { type: 'tokens', tokens: expectList(expectInteger)(one, `input.${index}`) },
  )
}

/** An empty word says nothing; a word of one vendor goes back to it, and asks for base64 if it says so. */
function readEncoding({ encoding_format: value }: JsonObject, rest: Rest): EmbeddingRequest['encoding'] {
  const word = optional(value, 'encoding_format', expectString)
  if (word === undefined || word === '') return undefined
  if (!ENCODINGS.includes(word)) {
    if (/\s/.test(word)) refuse('encoding_format', 'expected float or base64')
    rest.spell(`${FORMAT}${word}`)
  }
  return word.startsWith('base64') ? 'base64' : 'float'
}

const FIELDS: FieldTable<EmbeddingRequest, CreateEmbeddings, ReportLoss> = {
  model: { elsewhere: 'encodeEmbeddingRequest' },
  inputs: { elsewhere: 'encodeEmbeddingRequest' },
  dimensions: {
    write(dimensions, wire) {
      wire.dimensions = dimensions
      return undefined
    },
  },
  encoding: { elsewhere: 'encodeEmbeddingRequest' },
  purpose: { lost: 'this API does not ask what the vectors are for' },
  truncate: { lost: 'this API does not cut what is too long' },
  userId: {
    write(user, wire) {
      wire.user = user
      return undefined
    },
  },
  extra: { elsewhere: 'encodeEmbeddingRequest' },
  spelling: { elsewhere: 'encodeEmbeddingRequest' },
}

/** Writes for this model; never changes `request`. */
export function encodeEmbeddingRequest(request: EmbeddingRequest, facts: ModelFacts): Encoded {
  const { losses, report } = listLosses()
  const wire: CreateEmbeddings = { model: request.model, input: writeInputs(request, report) }
  const format = writeEncoding(request)
  if (format !== undefined) wire.encoding_format = format
  writeFields(request, FIELDS, wire, report, '', report)
  giveBack(wire, request, '', report)
  for (const name of facts.refuses ?? []) {
    if (!Object.hasOwn(wire, name)) continue
    delete wire[name]
    // That numbers are written as numbers is what we would have asked for, and is no loss.
    if (name !== 'encoding_format') report(name, `this provider refuses ${name}`)
  }
  return { body: wire, losses }
}

/** Some servers refuse a request that does not say it, and all refuse an empty word (lesson 38). */
function writeEncoding(request: EmbeddingRequest): string | undefined {
  const word = spelledAfter(request, FORMAT) ?? request.encoding
  return isOwn(request) ? word : (word ?? 'float')
}

function writeInputs(request: EmbeddingRequest, report: ReportLoss): CreateEmbeddings['input'] {
  const written = request.inputs.map((input, index) => {
    if (input.type === 'tokens') return input.tokens
    if (input.title !== undefined) report(`inputs.${index}.title`, 'a text has no title here')
    return input.text
  })
  const [only] = written
  if (isSpelled(request, BARE) && only !== undefined) return only
  // Each is a text or a list of tokens, which is what the wire takes.
  return written as readonly string[]
}

/** @throws ApiFailure of the kind that the answer itself tells, else `upstream-failed` when it is no answer. */
export function decodeEmbeddingResponse(body: unknown, _context: AnswerContext): Decoded<EmbeddingResponse> {
  const failure = typeof body === 'object' && body !== null && 'error' in body ? readFailure(body) : undefined
  if (failure !== undefined) throw new ApiFailure(failure)
  const { losses } = listLosses()
  return { value: blameUpstream(() => readAnswer(body)), losses }
}

interface ReadVector {
  readonly index: unknown
  readonly vector: readonly number[]
  readonly isText: boolean
}

function readAnswer(body: unknown): EmbeddingResponse {
  const fields = expectObject(body, 'body')
  const read = expectArray(fields.data, 'data').map((one, index) => readVector(one, `data.${index}`))
  if (read.length === 0) refuse('data', 'expected at least one vector')
  const rest = createRest()
  rest.take(fields, ANSWER_MEMBERS)
  return defined<EmbeddingResponse>({
    model: typeof fields.model === 'string' ? fields.model : '',
    vectors: sortByIndex(read).map(({ vector }) => vector),
    encoding: read.some(({ isText }) => isText) ? 'base64' : 'float',
    usage: decodeUsage(fields.usage),
    extra: rest.kept().extra,
  })
}

function readVector(value: unknown, path: string): ReadVector {
  const fields = expectObject(value, path)
  const { index, embedding } = fields
  if (typeof embedding === 'string') return { index, vector: decodeVector(embedding), isText: true }
  return { index, vector: expectList(expectNumber)(embedding, `${path}.embedding`), isText: false }
}

/** By the index that each bears, if together they are a count; else (all of them -1, say) in the order of the list (lesson 27). */
function sortByIndex(read: readonly ReadVector[]): readonly ReadVector[] {
  const sorted = [...read].sort((one, other) => Number(one.index) - Number(other.index))
  return sorted.every(({ index }, place) => index === place) ? sorted : read
}

/** Numbers as the client asked for them (trap 138). */
export function encodeEmbeddingResponse(response: EmbeddingResponse, context: EmbeddingReplyContext): Encoded {
  const { losses, report } = listLosses()
  const asBase64 = context.request.encoding === 'base64'
  const { inputTokens = 0, extra } = response.usage ?? {}
  const wire: EmbeddingList = {
    object: 'list',
    data: response.vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: asBase64 ? encodeVector(vector) : vector,
    })),
    model: context.askedModel,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  }
  giveBack(wire.usage, extra === undefined ? {} : { extra }, 'usage', report)
  giveBack(wire, response.extra === undefined ? {} : { extra: response.extra }, '', report)
  return { body: wire, losses }
}

/** What the index of this codec offers. */
export const embeddings = {
  request: { decode: decodeEmbeddingRequest, encode: encodeEmbeddingRequest },
  response: { decode: decodeEmbeddingResponse, encode: encodeEmbeddingResponse },
}
