/** What a fake model says, in no protocol's words; each fake writes it by hand in its vendor's. */

export interface SaidCall {
  readonly id: string
  readonly name: string
  readonly input: object
}

export interface Said {
  /** Pieces of text; a stream sends each by itself. */
  readonly text?: readonly string[]
  readonly reasoning?: string
  readonly calls?: readonly SaidCall[]
  /** Tokens read and written; `cached` are those of `input` that came from a cache, `thought` those of `output` that nobody saw. */
  readonly usage?: {
    readonly input: number
    readonly output: number
    readonly cached?: number
    readonly thought?: number
  }
  /** Why it ended, where that is neither its own will nor a call. */
  readonly cut?: 'length' | 'filter'
}

export const HELLO: Said = { text: ['Hello', ' from', ' the', ' model'], usage: { input: 11, output: 4 } }

export const ONE_CALL: Said = {
  calls: [{ id: 'call_weather_1', name: 'get_weather', input: { city: 'Lisbon' } }],
  usage: { input: 20, output: 9 },
}

export const TWO_CALLS: Said = {
  text: ['Let me', ' look.'],
  calls: [
    { id: 'call_weather_1', name: 'get_weather', input: { city: 'Lisbon' } },
    { id: 'call_time_2', name: 'get_time', input: {} },
  ],
  usage: { input: 30, output: 19 },
}
