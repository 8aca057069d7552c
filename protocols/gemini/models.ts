/** Lists of models. @see https://ai.google.dev/api/models */
import type { ModelEntry } from '../codec.ts'
import type { JsonObject } from '../ir/extra.ts'

const CHAT_METHODS = ['generateContent', 'streamGenerateContent', 'countTokens']
const EMBED_METHODS = ['embedContent', 'batchEmbedContents']

/** Where nobody knows whether a model embeds, both may be tried. */
function methodsOf({ capabilities = {} }: ModelEntry): readonly string[] {
  if (capabilities.embedding === true) return EMBED_METHODS
  return capabilities.embedding === false ? CHAT_METHODS : [...CHAT_METHODS, ...EMBED_METHODS]
}

/** All on one page. */
export function listModels(models: readonly ModelEntry[]): JsonObject {
  return { models: models.map(describeModel) }
}

export function describeModel(model: ModelEntry): JsonObject {
  return {
    name: `models/${model.id}`,
    baseModelId: model.id,
    version: '001',
    displayName: model.displayName ?? model.id,
    ...(model.contextTokens === undefined ? {} : { inputTokenLimit: model.contextTokens }),
    ...(model.maxOutputTokens === undefined ? {} : { outputTokenLimit: model.maxOutputTokens }),
    supportedGenerationMethods: methodsOf(model),
    ...(model.capabilities?.reasoning === undefined ? {} : { thinking: model.capabilities.reasoning }),
  }
}
