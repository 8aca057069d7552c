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

type Reader = (written: WrittenParameters) => Partial<ChatSettings>

const READERS: Readonly<Record<keyof WrittenParameters, Reader>> = {
  temperature: ({ temperature }) => (temperature === undefined ? {} : { temperature }),
  top_p: ({ top_p }) => (top_p === undefined ? {} : { topP: top_p }),
  top_k: ({ top_k }) => (top_k === undefined ? {} : { topK: top_k }),
  max_tokens: ({ max_tokens }) => (max_tokens === undefined ? {} : { maxOutputTokens: max_tokens }),
  // An empty stop sequence is refused by vendors, an empty list means none (lesson 22).
  stop: ({ stop }) => {
    const sequences = (typeof stop === 'string' ? [stop] : (stop ?? [])).filter((sequence) => sequence !== '')
    return sequences.length === 0 ? {} : { stop: sequences }
  },
  seed: ({ seed }) => (seed === undefined ? {} : { seed }),
  presence_penalty: ({ presence_penalty }) =>
    presence_penalty === undefined ? {} : { presencePenalty: presence_penalty },
  frequency_penalty: ({ frequency_penalty }) =>
    frequency_penalty === undefined ? {} : { frequencyPenalty: frequency_penalty },
}

/** @param written valid by `PARAMETERS_SCHEMA`. @returns the same in the words of the interlingua. */
export function readParameters(written: WrittenParameters): Partial<ChatSettings> {
  return Object.assign({}, ...Object.values(READERS).map((read) => read(written)))
}
