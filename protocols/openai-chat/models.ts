/** The list of models. Clients of OpenAI's and of Anthropic's API ask at the same path, so that each finds its own members (X3). */
import type { ModelEntry } from '../codec.ts'
import type { JsonObject } from '../ir/extra.ts'

export function encodeModel(model: ModelEntry): JsonObject {
  return {
    id: model.id,
    object: 'model',
    created: model.createdAt,
    owned_by: model.ownedBy,
    type: 'model',
    display_name: model.displayName ?? model.id,
    created_at: new Date(model.createdAt * 1000).toISOString(),
    ...(model.contextTokens === undefined ? {} : { context_length: model.contextTokens }),
    ...(model.maxOutputTokens === undefined ? {} : { max_output_tokens: model.maxOutputTokens }),
  }
}

export function encodeModels(models: readonly ModelEntry[]): JsonObject {
  return {
    object: 'list',
    data: models.map(encodeModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  }
}
