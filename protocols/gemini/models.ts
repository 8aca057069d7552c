/** Lists of models. @see https://ai.google.dev/api/models */
import type { ModelEntry } from '../codec.ts'
import type { JsonObject } from '../ir/extra.ts'

const METHODS = ['generateContent', 'streamGenerateContent', 'countTokens', 'embedContent', 'batchEmbedContents']

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
    supportedGenerationMethods: METHODS,
    ...(model.capabilities?.reasoning === undefined ? {} : { thinking: model.capabilities.reasoning }),
  }
}
