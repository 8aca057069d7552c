/** Lists of models. @see https://docs.anthropic.com/en/api/models-list */
import type { ModelEntry } from '../codec.ts'
import type { JsonObject } from '../ir/extra.ts'

/** All on one page: clients ask for the next one only where `has_more` says so. */
export function listModels(models: readonly ModelEntry[]): JsonObject {
  return {
    data: models.map(describeModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  }
}

export function describeModel(model: ModelEntry): JsonObject {
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName ?? model.id,
    created_at: new Date(model.createdAt * 1000).toISOString().replace('.000Z', 'Z'),
    ...(model.contextTokens === undefined ? {} : { max_input_tokens: model.contextTokens }),
    ...(model.maxOutputTokens === undefined ? {} : { max_tokens: model.maxOutputTokens }),
  }
}
