/** How the file and the admin API write down where an alias or a route leads. */
import type { ChatSettings } from '../../protocols/ir/request.ts'
import { PARAMETERS_SCHEMA, readParameters, type WrittenParameters, writeParameters } from './parameters.ts'

/** One target, by the name of its provider. */
export interface ConfiguredTarget {
  readonly provider: string
  readonly model: string
  readonly weight: number
  readonly priority: number
  readonly parameters: Partial<ChatSettings>
}

/** `provider/model`, or the same with more to say. */
export type WrittenTarget =
  | string
  | {
      readonly provider: string
      readonly model: string
      readonly weight?: number
      readonly priority?: number
      readonly parameters?: WrittenParameters
    }

export const TARGET_PROPERTIES = {
  provider: { type: 'string', minLength: 1 },
  model: { type: 'string', minLength: 1 },
  weight: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1, description: 'Share among equals.' },
  priority: {
    type: 'integer',
    minimum: -1_000_000,
    maximum: 1_000_000,
    default: 0,
    description: 'Lower ones are tried first.',
  },
  parameters: PARAMETERS_SCHEMA,
} as const

const TARGET_OBJECT = { required: ['provider', 'model'], properties: TARGET_PROPERTIES } as const

/** JSON Schema of one `WrittenTarget` or a list of them; a string is judged by the format `target`. */
export const TARGETS_SCHEMA = {
  type: ['string', 'object', 'array'],
  format: 'target',
  ...TARGET_OBJECT,
  minItems: 1,
  items: { type: ['string', 'object'], format: 'target', ...TARGET_OBJECT },
} as const

/** Judges the format `target`. */
export function isTargetText(text: string): boolean {
  return /^[^,/]+[,/]./u.test(text)
}

/** @param written valid by `TARGETS_SCHEMA`. */
export function readTargets(written: WrittenTarget | readonly WrittenTarget[]): readonly ConfiguredTarget[] {
  return isList(written) ? written.map(readTarget) : [readTarget(written)]
}

/** As the admin API tells it. */
export function writeTarget(target: ConfiguredTarget): WrittenTarget {
  return { ...target, parameters: writeParameters(target.parameters) }
}

/** As the file has it: with no more words than needed. `readTargets` reads it back. */
export function writeTargets(targets: readonly ConfiguredTarget[]): WrittenTarget | readonly WrittenTarget[] {
  const [only, ...more] = targets
  return only !== undefined && more.length === 0 ? writeBriefly(only) : targets.map(writeBriefly)
}

function writeBriefly({ provider, model, weight, priority, parameters }: ConfiguredTarget): WrittenTarget {
  const written = writeParameters(parameters)
  return {
    provider,
    model,
    ...(weight === 1 ? {} : { weight }),
    ...(priority === 0 ? {} : { priority }),
    ...(Object.keys(written).length === 0 ? {} : { parameters: written }),
  }
}

function readTarget(written: WrittenTarget): ConfiguredTarget {
  if (typeof written !== 'string') {
    const { provider, model, weight = 1, priority = 0, parameters = {} } = written
    return { provider: provider.trim(), model: model.trim(), weight, priority, parameters: readParameters(parameters) }
  }
  const sign = written.search(/[,/]/)
  const [provider, model] = [written.slice(0, sign).trim(), written.slice(sign + 1).trim()]
  return { provider, model, weight: 1, priority: 0, parameters: {} }
}

function isList(written: WrittenTarget | readonly WrittenTarget[]): written is readonly WrittenTarget[] {
  return Array.isArray(written)
}
