/** The models, in the shapes in which a server on one's own machine tells them: editors ask these before anything else (trap 137). */
import type { ModelEntry } from '../codec.ts'
import { expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { encodeTime } from './time.ts'

/** There is no file of weights whose architecture this could be; names of members below begin with it. */
const ARCHITECTURE = 'gateway'
/** What never leaves memory is told so by servers of this protocol: as long as their durations can be. */
const FOREVER_SECONDS = 292 * 365 * 24 * 3600

export function encodeModels(models: readonly ModelEntry[]): JsonObject {
  return { models: models.map(summarize) }
}

export function encodeRunning(models: readonly ModelEntry[]): JsonObject {
  return {
    models: models.map((model) => ({
      ...summarize(model),
      expires_at: encodeTime(model.createdAt + FOREVER_SECONDS),
      size_vram: 0,
      ...(model.contextTokens === undefined ? {} : { context_length: model.contextTokens }),
    })),
  }
}

function summarize(model: ModelEntry) {
  return {
    name: model.id,
    model: model.id,
    modified_at: encodeTime(model.createdAt),
    size: 0,
    digest: digestOf(model.id),
    details: detailsOf(),
  }
}

/** All members are there, as editors read them unseen. */
function detailsOf() {
  return {
    parent_model: '',
    format: ARCHITECTURE,
    family: ARCHITECTURE,
    families: [ARCHITECTURE],
    parameter_size: '',
    quantization_level: '',
  }
}

export function encodeModel(model: ModelEntry): JsonObject {
  return {
    license: '',
    modelfile: '',
    parameters: '',
    template: '',
    modified_at: encodeTime(model.createdAt),
    details: detailsOf(),
    model_info: {
      'general.architecture': ARCHITECTURE,
      'general.basename': model.displayName ?? model.id,
      ...(model.contextTokens === undefined ? {} : { [`${ARCHITECTURE}.context_length`]: model.contextTokens }),
    },
    capabilities: capabilitiesOf(model),
  }
}

/** An editor offers a model to its agents only when it can call tools: where nobody knows, it is tried. */
function capabilitiesOf({ capabilities = {} }: ModelEntry): string[] {
  if (capabilities.embedding === true) return ['embedding']
  return [
    'completion',
    ...(capabilities.tools === false ? [] : ['tools']),
    ...(capabilities.images === true ? ['vision'] : []),
    ...(capabilities.reasoning === true ? ['thinking'] : []),
  ]
}

/** Older clients say `name`, and who copies a model `source`. @throws ApiFailure `bad-request` */
export function readWantedModel(body: unknown): string {
  const fields = expectObject(body, 'body')
  const model = optional(fields.model, 'model', expectString) ?? ''
  return model === '' ? expectString(fields.name ?? fields.source, 'model') : model
}

const DIGEST_WORDS = 8

/** 64 hexadecimal digits, the same for the same name: FNV-1a from eight starts. */
function digestOf(name: string): string {
  let digest = ''
  for (let start = 1; start <= DIGEST_WORDS; start++) {
    let sum = Math.imul(0x811c9dc5, start)
    for (let index = 0; index < name.length; index++) sum = Math.imul(sum ^ name.charCodeAt(index), 0x01000193)
    digest += (sum >>> 0).toString(16).padStart(8, '0')
  }
  return digest
}
