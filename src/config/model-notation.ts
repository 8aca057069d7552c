/** How the file and the admin API write down a provider's models. */
import type { Capabilities } from '../../protocols/ir/facts.ts'
import { TOOL_DIALECTS, type ToolDialect } from '../../protocols/ir/tool-dialect.ts'

/** One model, and what is known of it beyond the tables of the program. */
export interface ConfiguredModel {
  readonly name: string
  readonly displayName?: string
  readonly contextTokens?: number
  readonly maxOutputTokens?: number
  readonly defaultMaxOutputTokens?: number
  readonly capabilities: Capabilities
  /** How it is taught to write calls in compat mode; absent: by its name. */
  readonly toolDialect?: ToolDialect
  readonly enabled: boolean
}

/** A name, or an object with more to say. */
export type WrittenModel =
  | string
  | {
      readonly name: string
      readonly display_name?: string
      readonly context_tokens?: number
      readonly max_output_tokens?: number
      readonly default_max_output_tokens?: number
      readonly capabilities?: WrittenCapabilities
      readonly tool_dialect?: ToolDialect
      readonly enabled?: boolean
    }

type WrittenCapabilities = Readonly<
  Partial<Record<'tools' | 'images' | 'audio' | 'files' | 'reasoning' | 'json_schema' | 'embedding', boolean>>
>

const COUNT = { type: 'integer', minimum: 1 } as const
const CLAIM = { type: 'boolean' } as const

/** JSON Schema of a list of `WrittenModel`. */
export const MODELS_SCHEMA = {
  type: 'array',
  items: {
    type: ['string', 'object'],
    minLength: 1,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1 },
      display_name: { type: 'string' },
      context_tokens: COUNT,
      max_output_tokens: COUNT,
      default_max_output_tokens: COUNT,
      capabilities: {
        type: 'object',
        properties: {
          tools: CLAIM,
          images: CLAIM,
          audio: CLAIM,
          files: CLAIM,
          reasoning: CLAIM,
          json_schema: CLAIM,
          embedding: CLAIM,
        },
      },
      tool_dialect: {
        type: 'string',
        enum: TOOL_DIALECTS,
        description: 'How the model is taught to write tool calls in compat mode; chosen by its name where absent.',
      },
      enabled: { type: 'boolean' },
    },
  },
} as const

/** @param written valid by `MODELS_SCHEMA`. Names are trimmed (lesson 12); of a name given twice the first counts. */
export function readModels(written: readonly WrittenModel[]): readonly ConfiguredModel[] {
  const models = new Map<string, ConfiguredModel>()
  for (const entry of written) {
    const model = readModel(entry)
    if (!models.has(model.name)) models.set(model.name, model)
  }
  return [...models.values()]
}

/** As the admin API tells it: just the name where there is no more to say. */
export function writeModel(model: ConfiguredModel): WrittenModel {
  const { jsonSchema, ...claims } = model.capabilities
  const capabilities = { ...claims, ...(jsonSchema === undefined ? {} : { json_schema: jsonSchema }) }
  const written = {
    ...(model.displayName === undefined ? {} : { display_name: model.displayName }),
    ...(model.contextTokens === undefined ? {} : { context_tokens: model.contextTokens }),
    ...(model.maxOutputTokens === undefined ? {} : { max_output_tokens: model.maxOutputTokens }),
    ...(model.defaultMaxOutputTokens === undefined ? {} : { default_max_output_tokens: model.defaultMaxOutputTokens }),
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilities }),
    ...(model.toolDialect === undefined ? {} : { tool_dialect: model.toolDialect }),
    ...(model.enabled ? {} : { enabled: false }),
  }
  return Object.keys(written).length === 0 ? model.name : { name: model.name, ...written }
}

function readModel(written: WrittenModel): ConfiguredModel {
  if (typeof written === 'string') return { name: written.trim(), capabilities: {}, enabled: true }
  const { json_schema: jsonSchema, ...claims } = written.capabilities ?? {}
  return {
    name: written.name.trim(),
    ...(written.display_name === undefined ? {} : { displayName: written.display_name }),
    ...(written.context_tokens === undefined ? {} : { contextTokens: written.context_tokens }),
    ...(written.max_output_tokens === undefined ? {} : { maxOutputTokens: written.max_output_tokens }),
    ...(written.default_max_output_tokens === undefined
      ? {}
      : { defaultMaxOutputTokens: written.default_max_output_tokens }),
    capabilities: { ...claims, ...(jsonSchema === undefined ? {} : { jsonSchema }) },
    ...(written.tool_dialect === undefined ? {} : { toolDialect: written.tool_dialect }),
    enabled: written.enabled ?? true,
  }
}
