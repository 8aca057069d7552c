import { expect } from 'chai'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { chunkOf, DONE, streamOf } from './exchange.ts'

const USAGE = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }

function tap(...chunks: readonly Uint8Array[]) {
  const one = openaiChat.stream.tap()
  for (const chunk of chunks) one.push(chunk)
  return one
}

describe('a relayed stream is tapped', () => {
  it('for its counters, the last of each', () => {
    const first = chunkOf({}, { chunk: { usage: { ...USAGE, prompt_tokens_details: { cached_tokens: 3 } } } })
    const one = tap(
      streamOf(chunkOf({ content: 'a' }, { chunk: { usage: null } }), first, {
        choices: [],
        usage: { ...USAGE, completion_tokens: 4, total_tokens: 9 },
      }),
    )
    expect(one.usage()).to.deep.equal({ inputTokens: 5, outputTokens: 4, cacheReadTokens: 3 })
  })

  it('Q12: for Groq’s counters', () =>
    expect(tap(streamOf({ x_groq: { usage: USAGE } })).usage()).to.include({ inputTokens: 5 }))

  it('not for counters that somebody writes about', () => {
    expect(tap(streamOf(chunkOf({ content: '{"usage":{"prompt_tokens":9}}' }), DONE)).usage()).to.equal(undefined)
  })

  it('for its end: a reason or the end mark, and no text about one', () => {
    expect(tap(streamOf(chunkOf({ content: '"finish_reason":"stop"' }))).finished).to.equal(false)
    expect(tap(streamOf(chunkOf({}, { choice: { finish_reason: '' } }))).finished).to.equal(false)
    expect(tap(streamOf(chunkOf({}, { choice: { finish_reason: 'stop' } }))).finished).to.equal(true)
    expect(tap(streamOf('data: {"choices":[{"finish_reason" : "stop"}]}\n\n')).finished).to.equal(true)
    expect(tap(streamOf(DONE)).finished).to.equal(true)
  })

  it('for where something may be put between two events', () => {
    const bytes = streamOf(chunkOf({ content: 'a' }))
    expect(tap(bytes).betweenEvents).to.equal(true)
    expect(tap(bytes.subarray(0, 20)).betweenEvents).to.equal(false)
  })

  it('and throws at nothing', () => {
    const garbage = new Uint8Array(1000).map((_, index) => (index * 7919) % 256)
    const one = tap(garbage, streamOf('data: {"usage":\n\n', 'data: {"usage":5}\n\n', 'data: ["usage"]\n\n'))
    expect(one.usage()).to.equal(undefined)
    const huge = Array.from({ length: 66 }, () => new Uint8Array(1024 * 1024).fill(120))
    expect(tap(...huge, streamOf(DONE)).finished).to.equal(false)
  })
})
