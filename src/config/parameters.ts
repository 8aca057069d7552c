/** Parameters that a route or an alias fills in where the request leaves them open. */
import type { ChatSettings } from '../../protocols/ir/request.ts'

/** As they are written in the file and to the admin API. */
export interface WrittenParameters {
  readonly temperature?: number
  readonly top_p?: number
  readonly top_k?: number
  readonly max_tokens?: number
  readonly stop?: string | readonly string[]
  readonly seed?: number
  readonly presence_penalty?: number
  readonly frequency_penalty?: number
}

/** JSON Schema of `WrittenParameters`. */
export const PARAMETERS_SCHEMA = {
  type: 'object',
  properties: {
    temperature: { type: 'number', minimum: 0, maximum: 2 },
    top_p: { type: 'number', minimum: 0, maximum: 1 },
    top_k: { type: 'integer', minimum: 1 },
    max_tokens: { type: 'integer', minimum: 1 },
    stop: { type: ['string', 'array'], items: { type: 'string' } },
    seed: { type: 'integer' },
    presence_penalty: { type: 'number', minimum: -2, maximum: 2 },
    frequency_penalty: { type: 'number', minimum: -2, maximum: 2 },
  },
} as const

const FIELDS: Readonly<Record<keyof WrittenParameters, keyof ChatSettings>> = {
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  max_tokens: 'maxOutputTokens',
  stop: 'stop',
  seed: 'seed',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
}

/** @param written valid by `PARAMETERS_SCHEMA`. @returns the same in the words of the interlingua. */
export function readParameters(written: WrittenParameters): Partial<ChatSettings> {
  const { stop, ...rest } = written
  // Vendors refuse an empty sequence, and an empty list means none (lesson 22).
  const sequences = (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((sequence) => sequence !== '')
  return translate({ ...rest, ...(sequences.length === 0 ? {} : { stop: sequences }) }, Object.entries(FIELDS))
}

/** @param settings as `readParameters` returned them. @returns the same as it is written. */
export function writeParameters(settings: Partial<ChatSettings>): WrittenParameters {
  return translate(
    settings,
    Object.entries(FIELDS).map(([written, field]) => [field, written]),
  )
}

function translate(source: object, names: readonly (readonly [string, string])[]): object {
  const values = new Map<string, unknown>(Object.entries(source))
  return Object.fromEntries(names.filter(([from]) => values.has(from)).map(([from, to]) => [to, values.get(from)]))
}
