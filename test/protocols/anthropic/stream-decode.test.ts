import { expect } from 'chai'
import fc from 'fast-check'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { decodeStream, sketchLosses, streamOf } from './exchange.ts'
import { begin, delta, end, rawOf, START, STOP, stop } from './stream-events.ts'

/** The events of the content alone. */
function partsOf(...events: readonly object[]): readonly StreamEvent[] {
  return decodeStream([streamOf([START, ...events])]).raw.filter((event) => event.type.startsWith('part-'))
}

const PLACE = { part: 0, choice: 0 }

interface Row {
  readonly title: string
  readonly events: readonly object[]
  readonly expected: readonly object[]
}

const ROWS: readonly Row[] = [
  {
    title: 'a text in pieces',
    events: [
      begin(0, { type: 'text', text: '' }),
      delta(0, { type: 'text_delta', text: 'Hel' }),
      delta(0, { type: 'text_delta', text: 'lo' }),
      stop(0),
    ],
    expected: [
      { type: 'part-start', ...PLACE, head: { type: 'text' } },
      { type: 'part-delta', ...PLACE, delta: { text: 'Hel' } },
      { type: 'part-delta', ...PLACE, delta: { text: 'lo' } },
      { type: 'part-end', ...PLACE },
    ],
  },
  {
    title: 'a text that is begun with words and citations',
    events: [begin(0, { type: 'text', text: 'Hi', citations: [{ type: 'page_location', cited_text: 'c' }] }), stop(0)],
    expected: [
      { type: 'part-start', ...PLACE, head: { type: 'text' } },
      { type: 'part-delta', ...PLACE, delta: { text: 'Hi' } },
      {
        type: 'part-delta',
        ...PLACE,
        delta: {
          citation: {
            citedText: 'c',
            original: { protocol: 'anthropic', value: { type: 'page_location', cited_text: 'c' } },
          },
        },
      },
      { type: 'part-end', ...PLACE },
    ],
  },
  {
    title: 'trap 86: thinking and its signature',
    events: [
      begin(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'c2ln' }),
      stop(0),
    ],
    expected: [
      { type: 'part-start', ...PLACE, head: { type: 'reasoning', issuer: 'anthropic' } },
      { type: 'part-delta', ...PLACE, delta: { text: 'hm' } },
      { type: 'part-delta', ...PLACE, delta: { signature: 'c2ln', issuer: 'anthropic' } },
      { type: 'part-end', ...PLACE },
    ],
  },
  {
    title: 'Q58: redacted thinking comes whole',
    events: [begin(0, { type: 'redacted_thinking', data: 'ZW5j' }), stop(0)],
    expected: [
      { type: 'part-start', ...PLACE, head: { type: 'reasoning', issuer: 'anthropic', encrypted: 'ZW5j' } },
      { type: 'part-end', ...PLACE },
    ],
  },
  {
    title: 'trap 37, Q57: an empty piece of arguments is nothing',
    events: [
      begin(0, { type: 'tool_use', id: 't', name: 'f', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '' }),
      delta(0, { type: 'input_json_delta', partial_json: '{"a"' }),
      delta(0, { type: 'input_json_delta', partial_json: ':1}' }),
      stop(0),
    ],
    expected: [
      { type: 'part-start', ...PLACE, head: { type: 'tool-call', id: 't', name: 'f' } },
      { type: 'part-delta', ...PLACE, delta: { arguments: '{"a"' } },
      { type: 'part-delta', ...PLACE, delta: { arguments: ':1}' } },
      { type: 'part-end', ...PLACE },
    ],
  },
  {
    title: 'Q58: a call whose input is whole at its start',
    events: [begin(0, { type: 'tool_use', id: 't', name: 'f', input: { a: 1 }, caller: { type: 'direct' } }), stop(0)],
    expected: [
      {
        type: 'part-start',
        ...PLACE,
        head: {
          type: 'tool-call',
          id: 't',
          name: 'f',
          extra: { protocol: 'anthropic', fields: { caller: { type: 'direct' } } },
        },
      },
      { type: 'part-delta', ...PLACE, delta: { arguments: '{"a":1}' } },
      { type: 'part-end', ...PLACE },
    ],
  },
  {
    title: 'trap 49: a call of the provider is one block, put together from its pieces',
    events: [
      begin(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"query":' }),
      delta(0, { type: 'input_json_delta', partial_json: '"x"}' }),
      stop(0),
    ],
    expected: [
      {
        type: 'part-start',
        ...PLACE,
        head: {
          type: 'whole',
          part: {
            type: 'opaque',
            protocol: 'anthropic',
            value: { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
          },
        },
      },
    ],
  },
  {
    title: 'Q58: a compaction begins with null and goes on in deltas of its own kind',
    events: [
      begin(0, { type: 'compaction', content: null }),
      delta(0, { type: 'compaction_delta', content: 'short', encrypted_content: null }),
      delta(0, { type: 'compaction_delta', content: 'er' }),
      stop(0),
    ],
    expected: [
      {
        type: 'part-start',
        ...PLACE,
        head: {
          type: 'whole',
          part: {
            type: 'opaque',
            protocol: 'anthropic',
            value: { type: 'compaction', content: 'shorter', encrypted_content: undefined },
          },
        },
      },
    ],
  },
  {
    title: 'citations of a block of tomorrow are gathered',
    events: [
      begin(0, { type: 'tomorrow', text: 'a' }),
      delta(0, { type: 'text_delta', text: 'b' }),
      delta(0, { type: 'citations_delta', citation: { n: 1 } }),
      delta(0, { type: 'citations_delta', citation: { n: 2 } }),
      stop(0),
    ],
    expected: [
      {
        type: 'part-start',
        ...PLACE,
        head: {
          type: 'whole',
          part: {
            type: 'opaque',
            protocol: 'anthropic',
            value: { type: 'tomorrow', text: 'ab', citations: [{ n: 1 }, { n: 2 }] },
          },
        },
      },
    ],
  },
  {
    title: 'a second stop of a block is nothing',
    events: [begin(0, { type: 'text', text: '' }), stop(0), stop(0)],
    expected: [
      { type: 'part-start', ...PLACE, head: { type: 'text' } },
      { type: 'part-end', ...PLACE },
    ],
  },
]

describe('anthropic: stream, decoded', () => {
  for (const { title, events, expected } of ROWS) {
    it(title, () => expect(partsOf(...events)).to.deep.equal(expected))
  }

  describe('frame', () => {
    it('the start tells id, model and the tokens that were read', () => {
      const message = { ...START.message, stop_details: null, container: null, news: 1 }
      expect(rawOf({ ...START, message })).to.deep.equal([
        {
          type: 'start',
          id: 'msg_1',
          model: 'claude',
          usage: { inputTokens: 5, outputTokens: 1 },
          extra: { protocol: 'anthropic', fields: { news: 1 } },
        },
      ])
    })
    it('Q56: counters replace each other, and those that come later are joined to the earlier', () => {
      const usage = { input_tokens: 100, cache_read_input_tokens: 50, output_tokens: 1, service_tier: 'standard' }
      const raw = rawOf(
        { ...START, message: { ...START.message, usage } },
        end('end_turn', {}, { output_tokens: 42, input_tokens: null }),
      )
      expect(raw.find((event) => event.type === 'usage')).to.deep.equal({
        type: 'usage',
        usage: {
          inputTokens: 150,
          cacheReadTokens: 50,
          outputTokens: 42,
          extra: { protocol: 'anthropic', fields: { service_tier: 'standard' } },
        },
      })
    })
    it('the end tells the reason, what belongs to it, and that nothing follows', () => {
      const delta = end('refusal', { stop_details: { type: 'refusal' } })
      const { raw, decoder } = decodeStream([streamOf([START, { ...delta, context_management: {} }, STOP, START])])
      expect(raw.at(-1)).to.deep.equal({
        type: 'finish',
        finishes: [{ choice: 0, reason: 'refusal' }],
        extra: { protocol: 'anthropic', fields: { stop_details: { type: 'refusal' }, context_management: {} } },
      })
      expect(decoder.done).to.equal(true)
      expect(raw.filter((event) => event.type === 'start')).to.have.length(1)
    })
    it('F62, trap 15: what follows the end does not count', () => {
      const raw = rawOf(START, end('end_turn'), STOP, begin(0, { type: 'text', text: 'late' }), {
        type: 'error',
        error: {},
      })
      expect(raw.at(-1)?.type).to.equal('finish')
    })
    it('a stop without a reason tells counters only', () => {
      const raw = rawOf(START, { type: 'message_delta', delta: {}, usage: { output_tokens: 3 } })
      expect(raw.map((event) => event.type)).to.deep.equal(['start', 'usage'])
    })
    it('trap 7, Q55: pings may stand anywhere and are nothing', () => {
      const ping = { type: 'ping' }
      const raw = rawOf(ping, START, ping, begin(0, { type: 'text', text: 'a' }), ping, stop(0), ping)
      expect(raw.map((event) => event.type)).to.deep.equal(['start', 'part-start', 'part-delta', 'part-end'])
    })
    it('Q63: Amazon adds metrics to the last event', () => {
      const { decoder } = decodeStream([streamOf([START, { ...STOP, 'amazon-bedrock-invocationMetrics': {} }])])
      expect(sketchLosses(decoder.losses)).to.deep.equal(['message_stop.amazon-bedrock-invocationMetrics: dropped'])
    })
    it('Q8: the name is taken from the data', () => {
      const text = new TextDecoder().decode(streamOf([START, STOP])).replace(/^event: .*\n/gm, '')
      const { raw, decoder } = decodeStream([new TextEncoder().encode(text)])
      expect(raw).to.have.length(1)
      expect(decoder.done).to.equal(true)
    })
    it('Q4: padding in the JSON is nothing', () => {
      const bytes = new TextEncoder().encode('event: message_stop\ndata: {"type":"message_stop"            }\n\n')
      expect(decodeStream([bytes]).decoder.done).to.equal(true)
    })
    it('trap 19: the last event counts without a blank line', () => {
      const bytes = streamOf([START, STOP])
      expect(decodeStream([bytes.subarray(0, -2)]).decoder.done).to.equal(true)
    })
    it('trap 2: CRLF is a line end too', () => {
      const text = new TextDecoder().decode(streamOf([START, end('end_turn'), STOP])).replaceAll('\n', '\r\n')
      expect(decodeStream([new TextEncoder().encode(text)]).raw.map((event) => event.type)).to.deep.equal([
        'start',
        'usage',
        'finish',
      ])
    })
  })

  it('F67, F68: bytes cut anywhere give the same events', () => {
    const events = [
      START,
      begin(0, { type: 'thinking', thinking: '' }),
      delta(0, { type: 'thinking_delta', thinking: '思考 🤔' }),
      stop(0),
      begin(1, { type: 'tool_use', id: 't', name: 'f', input: {} }),
      delta(1, { type: 'input_json_delta', partial_json: '{"ü":"\\u00' }),
      delta(1, { type: 'input_json_delta', partial_json: 'e9"}' }),
      stop(1),
      end('tool_use'),
      STOP,
    ]
    const bytes = streamOf(events)
    const whole = decodeStream([bytes]).raw
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const chunks = places.slice(1).map((at, index) => bytes.subarray(places[index], at))
        expect(decodeStream(chunks).raw).to.deep.equal(whole)
      }),
    )
  })

  it('F99: no bytes make it throw', () => {
    const word = fc.constantFrom(
      'data: ',
      'event: ',
      '{"type":',
      '"error"',
      '"message_start"',
      '}',
      ',',
      '\n\n',
      '"message":',
      'null',
      '"index":0',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string())), (words) => {
        expect(() => decodeStream([new TextEncoder().encode(words.join(''))])).to.not.throw()
      }),
    )
  })
})
