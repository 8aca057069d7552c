import { expect } from 'chai'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { createUsageEstimator, estimateUsage } from '../../../src/gateway/estimate-usage.ts'

const RESPONSE: ChatResponse = {
  id: 'i',
  model: 'm',
  choices: [
    {
      index: 0,
      finish: { reason: 'tool-calls' },
      parts: [
        { type: 'reasoning', text: 'x'.repeat(40) },
        { type: 'text', text: 'y'.repeat(20) },
        { type: 'tool-call', id: 'c', name: 'f', arguments: 'z'.repeat(20) },
      ],
    },
  ],
}
const START: StreamEvent = { type: 'part-start', part: 0, choice: 0, head: { type: 'text' } }
const TEXT: StreamEvent = { type: 'part-delta', part: 0, choice: 0, delta: { text: 'y'.repeat(40) } }
const FINISH: StreamEvent = { type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] }

function stream(events: readonly StreamEvent[]): StreamEvent[] {
  const out: StreamEvent[] = []
  const take = createUsageEstimator(7, (event) => out.push(event))
  for (const event of events) take(event)
  return out
}

describe('usage that nobody counted', () => {
  it('lesson 48: is estimated from text, thoughts and arguments', () => {
    expect(estimateUsage(RESPONSE, 7).usage).to.deep.equal({ inputTokens: 7, outputTokens: 20, estimated: true })
  })

  it('lesson 48: is told in a stream just before its end', () => {
    const usage: StreamEvent = { type: 'usage', usage: { inputTokens: 7, outputTokens: 10, estimated: true } }
    expect(stream([START, TEXT, FINISH])).to.deep.equal([START, TEXT, usage, FINISH])
  })

  it('what the back end has counted stays, and only what is missing is filled in', () => {
    const counted = { ...RESPONSE, usage: { inputTokens: 1, outputTokens: 0 } }
    expect(estimateUsage(counted, 7)).to.equal(counted)
    const told: StreamEvent = { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } }
    expect(stream([TEXT, told, FINISH])).to.deep.equal([TEXT, told, FINISH])
    const half: StreamEvent = { type: 'usage', usage: { inputTokens: 1 } }
    expect(stream([TEXT, half, FINISH])[1]).to.deep.equal({
      type: 'usage',
      usage: { inputTokens: 1, outputTokens: 10, estimated: true },
    })
  })
})
