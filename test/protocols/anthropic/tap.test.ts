import { expect } from 'chai'
import fc from 'fast-check'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import { streamOf } from './exchange.ts'

const START = {
  type: 'message_start',
  message: { usage: { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 1 } },
}
const DELTA = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'message_delta "usage"' } }
const END = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 42 } }
const STOP = { type: 'message_stop' }

describe('anthropic: tap', () => {
  it('nothing was seen yet', () => {
    const tap = anthropic.stream.tap()
    expect(tap.usage()).to.equal(undefined)
    expect(tap.finished).to.equal(false)
    expect(tap.betweenEvents).to.equal(true)
  })
  it('trap 21: counters so far are known at any time, later ones replace earlier ones', () => {
    const tap = anthropic.stream.tap()
    tap.push(streamOf([START, DELTA]))
    expect(tap.usage()).to.deep.equal({ inputTokens: 100, cacheReadTokens: 90, outputTokens: 1 })
    tap.push(streamOf([END]))
    expect(tap.usage()).to.deep.equal({ inputTokens: 100, cacheReadTokens: 90, outputTokens: 42 })
    expect(tap.finished).to.equal(false)
    tap.push(streamOf([STOP]))
    expect(tap.finished).to.equal(true)
  })
  it('an event of ours may follow a blank line only', () => {
    const tap = anthropic.stream.tap()
    const bytes = streamOf([DELTA])
    tap.push(bytes.subarray(0, 20))
    expect(tap.betweenEvents).to.equal(false)
    tap.push(bytes.subarray(20))
    expect(tap.betweenEvents).to.equal(true)
  })
  it('Q4: spaces in the JSON do not hide it', () => {
    const tap = anthropic.stream.tap()
    tap.push(new TextEncoder().encode('data: {"type" : "message_stop"   }\n\n'))
    expect(tap.finished).to.equal(true)
  })
  it('what is no event of this protocol is passed over', () => {
    const tap = anthropic.stream.tap()
    const odd = [
      'message_x',
      '{"type":"message_start"}',
      '{"type":"message_delta","usage":5}',
      '{"type":"message_delta","usage":{"output_tokens":"x"}}',
      '["message_stop"]',
    ]
    for (const data of odd) tap.push(new TextEncoder().encode(`data: ${data}\n\n`))
    expect(tap.usage()).to.equal(undefined)
    expect(tap.finished).to.equal(false)
    tap.push(streamOf([START]))
    expect(tap.usage()?.inputTokens).to.equal(100)
  })
  it('defect 12: an event that is cut anywhere is read', () => {
    const bytes = streamOf([START, DELTA, END, STOP])
    for (let at = 1; at < bytes.length; at++) {
      const tap = anthropic.stream.tap()
      tap.push(bytes.subarray(0, at))
      tap.push(bytes.subarray(at))
      expect(tap.usage()).to.deep.equal({ inputTokens: 100, cacheReadTokens: 90, outputTokens: 42 })
      expect(tap.finished).to.equal(true)
    }
  })
  it('F66: an event beyond all limits ends the reading, not the relay', () => {
    const tap = anthropic.stream.tap()
    tap.push(streamOf([START]))
    for (let count = 0; count < 5; count++) tap.push(new Uint8Array(16 * 1024 * 1024).fill(0x61))
    tap.push(streamOf([STOP]))
    expect(tap.usage()?.inputTokens).to.equal(100)
    expect(tap.finished).to.equal(false)
    expect(tap.betweenEvents).to.equal(true)
  })
  it('F99: it never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (chunks) => {
        const tap = anthropic.stream.tap()
        expect(() => {
          for (const chunk of chunks) tap.push(chunk)
          tap.usage()
        }).to.not.throw()
      }),
    )
  })
})
