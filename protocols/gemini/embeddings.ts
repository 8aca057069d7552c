/** Texts in, vectors out: `:embedContent` for one, `:batchEmbedContents` for several. @see https://ai.google.dev/api/embeddings */
import type { AnswerContext, Decoded, EmbeddingReplyContext, Encoded, WireRequest } from '../codec.ts'
import { defined } from '../ir/defined.ts'
import type { EmbeddingInput, EmbeddingRequest, EmbeddingResponse } from '../ir/embedding.ts'
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
import { collectExtra, type JsonObject, ownFields } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { type FieldTable, writeFields } from '../ir/field-table.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import { actionOf, bareName, modelOf } from './action.ts'
import { PROTOCOL, readNames } from './keep.ts'
import { decodeUsage, encodeUsage } from './usage.ts'

const BATCH = 'batchEmbedContents'
const KNOWN = new Set(['model', 'content', 'taskType', 'title', 'outputDimensionality', 'autoTruncate'])

/** @throws ApiFailure `bad-request` naming the field. */
export function decodeEmbeddingRequest(wire: WireRequest, body: unknown): Decoded<EmbeddingRequest> {
  const { losses, report } = listLosses()
  const fields = expectObject(body, 'body')
  const isBatch = actionOf(wire) === BATCH
  const entries = isBatch
    ? expectArray(fields.requests, 'requests').map((one, index) => readEntry(one, `requests.${index}`, report))
    : [readEntry(fields, '', report)]
  const [first] = entries
  if (first === undefined) refuse('requests', 'expected at least one')
  for (const [index, entry] of entries.entries()) {
    if (JSON.stringify(entry.settings) === JSON.stringify(first.settings)) continue
    report(`inputs.${index}`, 'its settings differ from those of the first, which hold for all', 'changed')
  }
  return {
    value: {
      model: modelOf(wire, body),
      inputs: entries.map((entry) => entry.input),
      ...first.settings,
      ...(first.extra === undefined ? {} : { extra: first.extra }),
      spelling: { protocol: PROTOCOL, form: isBatch ? 'batch' : 'single' },
    },
    losses,
  }
}

/** Some members stand in an object of their own with the newest models. */
function readEntry(value: unknown, path: string, report: ReportLoss) {
  const at = path === '' ? '' : `${path}.`
  const given = readNames(expectObject(value, path === '' ? 'body' : path))
  const config = readNames(optional(given.embedContentConfig, `${at}embedContentConfig`, expectObject) ?? {})
  const { embedContentConfig: _config, ...outer } = given
  const fields: JsonObject = { ...config, ...outer }
  const title = optional(fields.title, `${at}title`, expectString)
  const text = readText(fields.content, `${at}content`, report)
  const input: EmbeddingInput = { type: 'text', text, ...(title === undefined ? {} : { title }) }
  return {
    input,
    settings: defined<Pick<EmbeddingRequest, 'dimensions' | 'purpose' | 'truncate'>>({
      dimensions: optional(fields.outputDimensionality, `${at}outputDimensionality`, expectPositiveInteger),
      purpose: optional(fields.taskType, `${at}taskType`, expectString)?.toUpperCase(),
      truncate: optional(fields.autoTruncate, `${at}autoTruncate`, expectBoolean),
    }),
    extra: collectExtra(fields, KNOWN, PROTOCOL),
  }
}

/** One vector is made of all parts. */
function readText(value: unknown, path: string, report: ReportLoss): string {
  if (typeof value === 'string') return value
  const content = expectObject(value, path)
  const parts = Array.isArray(content.parts) ? content.parts : [expectObject(content.parts, `${path}.parts`)]
  const texts = parts.map((one, index) => {
    const part = typeof one === 'string' ? { text: one } : expectObject(one, `${path}.parts.${index}`)
    if (typeof part.text === 'string') return part.text
    report(path, 'only texts can be embedded elsewhere')
    return ''
  })
  return texts.join('\n')
}

/** What a vector can be for, in the API's words. */
const PURPOSES: ReadonlySet<string> = new Set([
  'RETRIEVAL_QUERY',
  'RETRIEVAL_DOCUMENT',
  'SEMANTIC_SIMILARITY',
  'CLASSIFICATION',
  'CLUSTERING',
  'QUESTION_ANSWERING',
  'FACT_VERIFICATION',
  'CODE_RETRIEVAL_QUERY',
])

interface SharedSettings {
  [member: string]: unknown
}

const SETTINGS: FieldTable<EmbeddingRequest, SharedSettings, ReportLoss> = {
  model: { elsewhere: 'encodeEmbeddingRequest' },
  inputs: { elsewhere: 'encodeEmbeddingRequest' },
  dimensions: {
    write(value, wire) {
      wire.outputDimensionality = value
      return undefined
    },
  },
  encoding: {
    write: (value) => (value === 'base64' ? 'the Gemini API writes JSON numbers' : undefined),
  },
  purpose: {
    write(value, wire, report) {
      const purpose = value.toUpperCase()
      if (PURPOSES.has(purpose)) wire.taskType = purpose
      else report('purpose', `the Gemini API knows no purpose ${value}`)
      return undefined
    },
  },
  truncate: {
    write(value, wire) {
      wire.autoTruncate = value
      return undefined
    },
  },
  userId: { lost: 'the Gemini API takes no user' },
  extra: { elsewhere: 'encodeEmbeddingRequest' },
  spelling: { elsewhere: 'address.ts: one or several are told by the path' },
}

/** One input is written for `:embedContent`, several for `:batchEmbedContents`, as `address` has it. */
export function encodeEmbeddingRequest(request: EmbeddingRequest, _facts: ModelFacts): Encoded {
  const { losses, report } = listLosses()
  const model = `models/${bareName(request.model)}`
  const shared: SharedSettings = {}
  writeFields(request, SETTINGS, shared, report, '', report)
  Object.assign(shared, ownFields(request.extra, PROTOCOL, '', report))
  const entries = request.inputs.map((input) => ({ model, content: writeContent(input), ...titleOf(input), ...shared }))
  const [only] = entries
  return { body: entries.length === 1 && only !== undefined ? only : { requests: entries }, losses }
}

/** @throws ApiFailure `bad-request`: nobody but the model that they are of knows what tokens mean. */
function writeContent(input: EmbeddingInput): JsonObject {
  if (input.type === 'tokens') refuse('input', 'this model takes texts, not tokens')
  return { parts: [{ text: input.text }] }
}

function titleOf(input: EmbeddingInput): JsonObject {
  return input.type === 'text' && input.title !== undefined ? { title: input.title } : {}
}

const ANSWER = new Set(['embedding', 'embeddings', 'usageMetadata'])

/** @throws ApiFailure `upstream-failed` when this is no answer of either kind. */
export function decodeEmbeddingResponse(body: unknown, _context: AnswerContext): Decoded<EmbeddingResponse> {
  return blameUpstream(() => {
    const fields = readNames(expectObject(body, 'body'))
    const list = fields.embedding === undefined ? expectArray(fields.embeddings, 'embeddings') : [fields.embedding]
    const extra = collectExtra(fields, ANSWER, PROTOCOL)
    const usage = optional(fields.usageMetadata, 'usageMetadata', decodeUsage)
    const vectors = list.map((one, index) => {
      const path = `embeddings.${index}`
      return expectList(expectNumber)(expectObject(one, path).values, `${path}.values`)
    })
    return {
      value: {
        model: '',
        vectors,
        ...(usage === undefined ? {} : { usage }),
        ...(extra === undefined ? {} : { extra }),
      },
      losses: [],
    }
  })
}

export function encodeEmbeddingResponse(response: EmbeddingResponse, { wire }: EmbeddingReplyContext): Encoded {
  const { losses, report } = listLosses()
  const embeddings = response.vectors.map((values) => ({ values }))
  // Nothing is written but vectors, so that the prompt is all that counts.
  const {
    candidatesTokenCount: _said,
    totalTokenCount: _total,
    ...usageMetadata
  } = encodeUsage(response.usage ?? {}, report)
  return {
    body: {
      ...(actionOf(wire) === BATCH ? { embeddings } : { embedding: embeddings[0] ?? { values: [] } }),
      ...(response.usage === undefined ? {} : { usageMetadata }),
      ...ownFields(response.extra, PROTOCOL, '', report),
    },
    losses,
  }
}
