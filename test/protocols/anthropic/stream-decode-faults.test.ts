import { expect } from 'chai'
import { decodeStream, streamOf } from './exchange.ts'
import { begin, delta, end, rawOf, START, STOP, stop } from './stream-events.ts'

describe('anthropic: stream, decoded', () => {
  describe('errors', () => {
    const KINDS: readonly (readonly [type: string, kind: string])[] = [
      ['overloaded_error', 'overloaded'],
      ['rate_limit_error', 'rate-limited'],
      ['api_error', 'upstream-failed'],
      ['invalid_request_error', 'bad-request'],
      ['error_of_tomorrow', 'upstream-failed'],
    ]
    for (const [type, kind] of KINDS) {
      it(`F64, trap 10: ${type} in the stream ends it as ${kind}`, () => {
        const { raw, decoder, events } = decodeStream([
          streamOf([START, { type: 'error', error: { type, message: 'm' } }, STOP]),
        ])
        expect(raw.at(-1)).to.deep.equal({
          type: 'error',
          error: { kind, message: 'm', code: type, source: 'provider' },
        })
        expect(decoder.done).to.equal(true)
        expect(events.at(-1)?.type).to.equal('error')
      })
    }
    it('an error without words is an error', () => {
      expect(rawOf({ type: 'error' }).at(-1)).to.have.nested.property('error.kind', 'upstream-failed')
    })

    const UNREADABLE: readonly (readonly [title: string, data: string])[] = [
      ['text that is no JSON', 'oops'],
      ['empty data', ''],
      ['null', 'null'],
      ['a list', '[]'],
      ['an object without a type', '{}'],
      ['an unknown event', '{"type":"tomorrow"}'],
      [
        'a delta of a block that never began',
        '{"type":"content_block_delta","index":7,"delta":{"type":"text_delta","text":"x"}}',
      ],
      ['a delta without an index', '{"type":"content_block_delta","delta":{}}'],
      ['a block that is none', '{"type":"content_block_start","index":0,"content_block":5}'],
      ['a stop of nothing', '{"type":"content_block_stop","index":1}'],
      ['a delta of a wrong kind', '{"type":"content_block_delta","index":0,"delta":{"type":"tomorrow_delta"}}'],
      ['a delta of a wrong type', '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":5}}'],
      ['counters that are none', '{"type":"message_delta","delta":{},"usage":{"output_tokens":"x"}}'],
    ]
    for (const [title, data] of UNREADABLE) {
      it(`F65, trap 18: ${title} is skipped and counted`, () => {
        const before = streamOf([START, begin(0, { type: 'text', text: '' })])
        const after = streamOf([delta(0, { type: 'text_delta', text: 'a' }), stop(0), end('end_turn'), STOP])
        const { raw, decoder } = decodeStream([before, new TextEncoder().encode(`data: ${data}\n\n`), after])
        expect(raw.map((event) => event.type)).to.deep.equal([
          'start',
          'part-start',
          'part-delta',
          'part-end',
          'usage',
          'finish',
        ])
        expect(decoder.losses).to.have.length(1)
      })
    }
    it('F65: ten in a row are skipped, eleven are an error', () => {
      const bad = (count: number) => new TextEncoder().encode('data: oops\n\n'.repeat(count))
      const ten = decodeStream([streamOf([START]), bad(10), streamOf([{ type: 'ping' }]), bad(10), streamOf([STOP])])
      expect(ten.decoder.losses).to.have.length(1)
      expect(ten.raw.map((event) => event.type)).to.deep.equal(['start'])
      const eleven = decodeStream([streamOf([START]), bad(11), streamOf([end('end_turn'), STOP])])
      expect(eleven.raw.at(-1)).to.have.nested.property('error.kind', 'upstream-failed')
      expect(eleven.decoder.done).to.equal(true)
    })
  })

  it('F66: an event beyond all limits is an error, and nothing is read after it', () => {
    const chunk = new Uint8Array(16 * 1024 * 1024).fill(0x61)
    const { raw, decoder } = decodeStream([
      streamOf([START]),
      ...Array.from({ length: 5 }, () => chunk),
      streamOf([STOP]),
    ])
    expect(raw.map((event) => event.type)).to.deep.equal(['start', 'error'])
    expect(decoder.done).to.equal(true)
  })

  describe('streams that break off', () => {
    it('trap 13, lesson 60: what was said is kept, and nobody said that it is over', () => {
      const { raw, decoder, events } = decodeStream([streamOf([START, begin(0, { type: 'text', text: 'half' })])])
      expect(decoder.done).to.equal(false)
      expect(raw.at(-1)).to.deep.include({ type: 'part-delta', delta: { text: 'half' } })
      expect(events.map((event) => event.type)).to.deep.equal([
        'start',
        'part-start',
        'part-delta',
        'part-end',
        'usage',
        'finish',
      ])
    })
    it('a block of the provider that never stopped is reported', () => {
      const { decoder } = decodeStream([streamOf([START, begin(0, { type: 'server_tool_use', id: 's', input: {} })])])
      expect(decoder.losses.map((loss) => loss.reason)).to.deep.equal(['a block "server_tool_use" that never stopped'])
    })
    it('one whose input is broken is reported too', () => {
      const pieces = [
        begin(0, { type: 'server_tool_use', id: 's', input: {} }),
        delta(0, { type: 'input_json_delta', partial_json: '{' }),
        stop(0),
      ]
      const { decoder, raw } = decodeStream([streamOf([START, ...pieces])])
      expect(decoder.losses).to.have.length(1)
      expect(raw).to.have.length(1)
    })
  })
})
