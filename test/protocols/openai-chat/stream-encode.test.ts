import { expect } from 'chai'
import fc from 'fast-check'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { PartDelta, PartHead, StreamEvent } from '../../../protocols/ir/event.ts'
import { playResponse } from '../../../protocols/ir/play.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { decodeStream, encodeAnswer, encodeStream, sketchLosses } from './exchange.ts'
import { anyAnswer } from './random.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const OWN = 'openai-chat'
const START: StreamEvent = { type: 'start', id: 'gen-1', createdAt: 5 }

/** A part of choice 0 from its start to its end. */
function part(number: number, head: PartHead, ...deltas: readonly PartDelta[]): StreamEvent[] {
  const place = { part: number, choice: 0 }
  return [
    { type: 'part-start', ...place, head },
    ...deltas.map((delta): StreamEvent => ({ type: 'part-delta', ...place, delta })),
    { type: 'part-end', ...place },
  ]
}

const finish = (reason: any = 'stop', others: object = {}): StreamEvent => ({
  type: 'finish',
  finishes: [{ choice: 0, reason, ...others }],
})
const call = (number: number, id: string, name: string, ...pieces: string[]) =>
  part(number, { type: 'tool-call', id, name }, ...pieces.map((piece) => ({ arguments: piece })))

/** The deltas of a stream, without the first, which bears the role. */
function deltasOf(events: readonly StreamEvent[], context: object = {}): any[] {
  const { chunks } = encodeStream([START, ...events, finish()], context)
  return chunks
    .flatMap((chunk) => chunk.choices ?? [])
    .slice(1, -1)
    .map(({ delta }) => delta)
}

describe('a stream is written', () => {
  it('with one id, model and time from its first chunk to the end mark', () => {
    const { chunks } = encodeStream([START, ...part(0, { type: 'text' }, { text: 'a' }), finish()])
    expect(chunks.at(-1)).to.equal('[DONE]')
    for (const chunk of chunks.slice(0, -1)) {
      expect(chunk).to.include({ id: 'gen-1', object: 'chat.completion.chunk', created: 5, model: 'asked' })
    }
  })

  it('Q14: with our id and time where the back end has none that is usable', () => {
    const { chunks } = encodeStream([{ type: 'start', id: 'no good' }, finish()])
    expect(chunks[0]).to.include({ id: 'chatcmpl-x1', created: 1_700_000_000 })
  })

  it('Q15: with the role in the first chunk, at once, and nowhere else', () => {
    const { frames, chunks } = encodeStream([START, ...part(0, { type: 'text' }, { text: 'a' }), finish()])
    expect(frames[0]).to.match(/^data: .*\n\n$/)
    expect(chunks[0].choices).to.deep.equal([
      { index: 0, delta: { role: 'assistant', content: '', refusal: null }, logprobs: null, finish_reason: null },
    ])
    expect(chunks.filter((chunk) => chunk.choices?.[0]?.delta.role !== undefined)).to.have.length(1)
  })

  it('each piece of text in a frame of its own, as it comes', () => {
    const { frames } = encodeStream([START, ...part(0, { type: 'text' }, { text: 'a' }, { text: 'b\n\nc' })])
    expect(frames.map((frame) => (frame === '' ? 0 : frame.split('\n\n').length - 1))).to.deep.equal([1, 0, 1, 1, 0])
    expect(deltasOf(part(0, { type: 'text' }, { text: 'a' }, { text: 'b\n\nc' }))).to.deep.equal([
      { content: 'a' },
      { content: 'b\n\nc' },
    ])
  })

  it('trap 30, trap 31, trap 32: calls numbered from 0 without a gap, whatever stands between', () => {
    const deltas = deltasOf([
      ...part(0, { type: 'text' }, { text: 'a' }),
      ...call(1, 'c1', 'f', '{"x"', ':1}'),
      ...part(2, { type: 'reasoning' }, { text: 't' }),
      ...call(3, 'c2', 'g', '{}'),
    ])
    expect(deltas.flatMap(({ tool_calls }) => tool_calls ?? [])).to.deep.equal([
      { index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 0, function: { arguments: '{"x"' } },
      { index: 0, function: { arguments: ':1}' } },
      { index: 1, id: 'c2', type: 'function', function: { name: 'g', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
    ])
  })

  it('trap 46: custom calls with their raw text', () => {
    const head: PartHead = { type: 'tool-call', id: 'c', name: 'p', freeform: true }
    expect(deltasOf(part(0, head, { arguments: '***' })).flatMap(({ tool_calls }) => tool_calls)).to.deep.equal([
      { index: 0, id: 'c', type: 'custom', custom: { name: 'p', input: '' } },
      { index: 0, custom: { input: '***' } },
    ])
  })

  it('Q31: function_call for a client that declares functions', () => {
    const spelling = { protocol: OWN, form: 'x legacy-client' }
    const events = [START, ...call(0, 'c1', 'f', '{}'), ...call(1, 'c2', 'g', '{}'), finish('tool-calls')]
    const { chunks, losses } = encodeStream(events, { spelling })
    const choices = chunks.flatMap((chunk) => chunk.choices ?? [])
    expect(choices.slice(1, -1).map(({ delta }) => delta)).to.deep.equal([
      { function_call: { name: 'f', arguments: '' } },
      { function_call: { arguments: '{}' } },
    ])
    expect(choices.at(-1).finish_reason).to.equal('function_call')
    expect(sketchLosses(losses)).to.deep.equal(['choices.0.parts.1: dropped'])
  })

  it('trap 95: thoughts as reasoning_content', () => {
    expect(deltasOf(part(0, { type: 'reasoning' }, { text: 't' }, { text: 'u' }))).to.deep.equal([
      { reasoning_content: 't' },
      { reasoning_content: 'u' },
    ])
  })

  it('trap 86, trap 89, trap 93: a proof with the whole thought that it proves, at its end', () => {
    const deltas = deltasOf([
      ...part(
        0,
        { type: 'reasoning', issuer: 'anthropic' },
        { text: 't' },
        { text: 'u' },
        { signature: 'old' },
        { signature: 'S' },
      ),
      ...part(1, { type: 'reasoning', issuer: 'anthropic', encrypted: 'E' }),
    ])
    expect(deltas.flatMap(({ reasoning_details }) => reasoning_details ?? [])).to.deep.equal([
      { type: 'reasoning.text', text: 'tu', signature: 'S', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'E', format: 'anthropic-claude-v1', index: 1 },
    ])
  })

  it('trap 91: the proof of a call with the id of the call', () => {
    const events = part(
      0,
      { type: 'tool-call', id: 'c', name: 'f' },
      { arguments: '{}' },
      { signature: 'S', issuer: 'gemini' },
    )
    expect(deltasOf(events).at(-1).reasoning_details).to.deep.equal([
      { type: 'reasoning.encrypted', data: 'S', id: 'c', format: 'google-gemini-v1', index: 0 },
    ])
  })

  it('a refusal, and its end with stop', () => {
    const { chunks } = encodeStream([START, ...part(0, { type: 'refusal' }, { text: 'no' }), finish('refusal')])
    expect(chunks[1].choices[0].delta).to.deep.equal({ refusal: 'no' })
    expect(chunks[2].choices[0].finish_reason).to.equal('stop')
  })

  it('citations with their place in the text so far', () => {
    const citation = { url: 'u', title: 't', original: { protocol: 'other', value: {} } }
    expect(deltasOf(part(0, { type: 'text' }, { text: 'abc' }, { citation })).at(-1).annotations).to.deep.equal([
      { type: 'url_citation', url_citation: { url: 'u', title: 't', start_index: 0, end_index: 3 } },
    ])
  })

  it('log probabilities beside their text', () => {
    const value = { content: [{ token: 'a' }], refusal: null }
    const { chunks, losses } = encodeStream([
      START,
      ...part(
        0,
        { type: 'text' },
        { text: 'a', logprobs: { protocol: OWN, value } },
        { text: 'b', logprobs: { protocol: 'other', value } },
      ),
    ])
    expect(chunks.slice(1).map(({ choices }) => choices[0].logprobs)).to.deep.equal([value, null])
    expect(sketchLosses(losses)).to.deep.equal(['choices.0.logprobs: dropped'])
  })

  it('pictures and what is said aloud, whole', () => {
    const deltas = deltasOf([
      ...part(0, {
        type: 'whole',
        part: { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA' } },
      }),
      ...part(1, {
        type: 'whole',
        part: { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'AA' } },
      }),
    ])
    expect(deltas[0].images).to.deep.equal([{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }])
    expect(deltas[1].audio).to.include({ data: 'AA', id: 'audio-gen-1' })
  })

  it('trap 35: a block that only another protocol has leaves no gap, and is reported', () => {
    const opaque: PartHead = { type: 'whole', part: { type: 'opaque', protocol: 'other', value: {} } }
    const { chunks, losses } = encodeStream([
      START,
      ...part(0, opaque),
      ...call(1, 'c', 'f', '{}'),
      finish('tool-calls'),
    ])
    expect(chunks[1].choices[0].delta.tool_calls[0].index).to.equal(0)
    expect(sketchLosses(losses)).to.deep.equal(['choices.0.parts.0: dropped'])
  })

  const ENDS: readonly (readonly [reason: string, word: string])[] = [
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool-calls', 'tool_calls'],
    ['content-filter', 'content_filter'],
    ['refusal', 'content_filter'],
    ['pause', 'stop'],
    ['error', 'stop'],
  ]
  for (const [reason, word] of ENDS) {
    it(`trap 40, defect 9: the end ${reason} as ${word}`, () => {
      const { chunks, losses } = encodeStream([
        START,
        ...part(0, { type: 'text' }, { text: 'a' }),
        finish(reason, { stopSequence: 'END' }),
      ])
      const changed = reason === 'pause' || reason === 'error' ? ['choices.0.finish.reason: changed'] : []
      expect(sketchLosses(losses)).to.deep.equal([...changed, 'choices.0.finish.stopSequence: dropped'])
      expect(chunks.at(-2).choices).to.deep.equal([{ index: 0, delta: {}, logprobs: null, finish_reason: word }])
    })
  }

  const USAGE: StreamEvent = { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } }

  it('trap 104: counters in a chunk of their own after the end, with an empty list of choices', () => {
    const { chunks } = encodeStream([START, ...part(0, { type: 'text' }, { text: 'a' }), USAGE, finish()])
    expect(chunks.at(-3).choices[0].finish_reason).to.equal('stop')
    expect(chunks.at(-2)).to.deep.include({ choices: [] })
    expect(chunks.at(-2).usage).to.include({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 })
    expect(chunks.at(-1)).to.equal('[DONE]')
  })

  it('trap 105: no counters for a client that did not ask', () => {
    const { text } = encodeStream([START, ...part(0, { type: 'text' }, { text: 'a' }), USAGE, finish()], {
      streamUsage: false,
    })
    expect(text).to.not.include('usage')
  })

  it('trap 10: an error as an event, and no end mark after it', () => {
    const error = { kind: 'overloaded' as const, message: 'too much', source: 'provider' as const }
    const { chunks } = encodeStream([START, ...part(0, { type: 'text' }, { text: 'a' }), { type: 'error', error }])
    expect(chunks.at(-1)).to.deep.equal({
      error: { message: 'too much', type: 'server_error', param: null, code: 'overloaded', source: 'provider' },
    })
  })

  it('an error before anything was said, as the only event', () => {
    const { chunks } = encodeStream([{ type: 'error', error: { kind: 'upstream-failed', message: 'x' } }])
    expect(chunks).to.have.length(1)
  })

  it('trap 128: candidates with their own roles, numbers and ends', () => {
    const at = (event: StreamEvent): StreamEvent => ('choice' in event ? { ...event, choice: 1 } : event)
    const { chunks } = encodeStream([
      START,
      ...part(0, { type: 'text' }, { text: 'a' }),
      ...part(0, { type: 'text' }, { text: 'b' }).map(at),
      {
        type: 'finish',
        finishes: [
          { choice: 0, reason: 'stop' },
          { choice: 1, reason: 'length' },
        ],
      },
    ])
    const choices = chunks.slice(0, -1).flatMap((chunk) => chunk.choices)
    expect(choices.filter(({ delta }) => delta.role === 'assistant').map(({ index }) => index)).to.deep.equal([0, 1])
    expect(
      choices
        .filter(({ finish_reason }) => finish_reason !== null)
        .map(({ index, finish_reason }) => [index, finish_reason]),
    ).to.deep.equal([
      [0, 'stop'],
      [1, 'length'],
    ])
  })

  it('the vendor’s own members where they were: the fingerprint in each chunk, others in the first', () => {
    const extra = { protocol: OWN, fields: { system_fingerprint: 'fp', provider: 'p' } }
    const { chunks } = encodeStream([
      { ...START, extra } as StreamEvent,
      ...part(0, { type: 'text' }, { text: 'a' }),
      { ...finish(), extra: { protocol: OWN, fields: { native_finish_reason: 'end' } } } as StreamEvent,
    ])
    expect(chunks.slice(0, -1).map(({ system_fingerprint }) => system_fingerprint)).to.deep.equal(['fp', 'fp', 'fp'])
    expect(chunks.slice(0, -1).map(({ provider }) => provider)).to.deep.equal(['p', undefined, undefined])
    expect(chunks.at(-2).choices[0].native_finish_reason).to.equal('end')
  })

  it('and members of another protocol reported', () => {
    const extra = { protocol: 'other', fields: { container: {} } }
    const { losses } = encodeStream([{ ...START, extra, serviceTier: 'standard' } as StreamEvent, finish()])
    expect(sketchLosses(losses)).to.have.members(['serviceTier: dropped', 'container: dropped'])
  })
})

describe('any answer', () => {
  function play(response: ChatResponse): StreamEvent[] {
    const events: StreamEvent[] = []
    playResponse(response, (event) => events.push(event))
    return events
  }

  it('says the same as a stream and whole', () => {
    fc.assert(
      fc.property(anyAnswer, (response) => {
        const { text } = encodeStream(play(response))
        const { events } = decodeStream([new TextEncoder().encode(text)])
        const collector = createCollector()
        for (const event of events) collector.push(event)
        const result = collector.result
        if (result === undefined || 'error' in result) throw new Error(JSON.stringify(result))
        const whole = encodeAnswer(response).body
        const again = encodeAnswer(result.response).body
        expect(again).to.deep.equal({ ...whole, id: again.id })
      }),
      { numRuns: 300 },
    )
  })

  it('is a stream by OpenAI’s schema', function () {
    if (!hasRecordings) {
      console.log('    skipped: the schemas are not at hand')
      this.skip()
    }
    const isChunk = loadSchema('stream-event.closed')
    const isAnswer = loadSchema('response.closed')
    fc.assert(
      fc.property(anyAnswer, (response) => {
        expect(isAnswer(encodeAnswer(response).body)).to.equal(undefined)
        for (const chunk of encodeStream(play(response)).chunks.slice(0, -1)) expect(isChunk(chunk)).to.equal(undefined)
      }),
      { numRuns: 200 },
    )
  })
})
