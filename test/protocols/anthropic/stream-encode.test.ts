import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream.mjs'
import { expect } from 'chai'
import fc from 'fast-check'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { PartDelta, PartHead, StreamEvent } from '../../../protocols/ir/event.ts'
import { createGrammar } from '../../../protocols/ir/grammar.ts'
import { REPLY, sketchLosses } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const START: StreamEvent = { type: 'start', id: 'chatcmpl-9', model: 'm' }
const USAGE: StreamEvent = { type: 'usage', usage: { inputTokens: 100, cacheReadTokens: 60, outputTokens: 9 } }
const finish = (reason: 'stop' | 'tool-calls' | 'length'): StreamEvent => ({
  type: 'finish',
  finishes: [{ choice: 0, reason }],
})

/** One part with its deltas, as the grammar tells it. */
function part(number: number, head: PartHead, ...deltas: PartDelta[]): StreamEvent[] {
  const place = { part: number, choice: 0 }
  return [
    { type: 'part-start', ...place, head },
    ...deltas.map((delta): StreamEvent => ({ type: 'part-delta', ...place, delta })),
    { type: 'part-end', ...place },
  ]
}

function encode(events: readonly StreamEvent[]) {
  const encoder = anthropic.stream.encoder(REPLY)
  const text = events.map((event) => encoder.encode(event)).join('')
  const frames = text.split('\n\n').filter((frame) => frame !== '')
  const payloads = frames.map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 6)))
  return { text, frames, payloads, losses: sketchLosses(encoder.losses) }
}

/** What lies between the start and the end of the message. */
function contentOf(events: readonly StreamEvent[]) {
  const { payloads, losses } = encode([START, ...events, finish('stop')])
  return { blocks: payloads.slice(1, -2), losses }
}

const begin = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block })
const more = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta })
const stop = (index: number) => ({ type: 'content_block_stop', index })
const TEXT = { type: 'text', text: '' }
const THINKING = { type: 'thinking', thinking: '', signature: '' }

interface Row {
  readonly title: string
  readonly events: readonly StreamEvent[]
  readonly blocks: readonly object[]
  readonly losses?: readonly string[]
}

const ROWS: readonly Row[] = [
  {
    title: 'a text',
    events: part(0, { type: 'text' }, { text: 'Hel' }, { text: 'lo' }),
    blocks: [
      begin(0, TEXT),
      more(0, { type: 'text_delta', text: 'Hel' }),
      more(0, { type: 'text_delta', text: 'lo' }),
      stop(0),
    ],
  },
  { title: 'a text without words has no block', events: part(0, { type: 'text' }), blocks: [] },
  {
    title: 'Q59, trap 93: the signature comes last and once',
    events: part(0, { type: 'reasoning', issuer: 'anthropic' }, { signature: 'a' }, { text: 'hm' }, { signature: 'b' }),
    blocks: [
      begin(0, THINKING),
      more(0, { type: 'thinking_delta', thinking: 'hm' }),
      more(0, { type: 'signature_delta', signature: 'b' }),
      stop(0),
    ],
  },
  {
    title: 'Q59: a signature without words',
    events: part(0, { type: 'reasoning', issuer: 'anthropic' }, { signature: 'a' }),
    blocks: [begin(0, THINKING), more(0, { type: 'signature_delta', signature: 'a' }), stop(0)],
  },
  {
    title: 'trap 95, defect 10: unsigned thinking is thinking',
    events: part(0, { type: 'reasoning' }, { text: 'hm' }),
    blocks: [begin(0, THINKING), more(0, { type: 'thinking_delta', thinking: 'hm' }), stop(0)],
  },
  {
    title: 'trap 87: the signature of another issuer is sealed',
    events: part(0, { type: 'reasoning', issuer: 'gemini' }, { text: 'hm' }, { signature: 'c2ln' }),
    blocks: [
      begin(0, THINKING),
      more(0, { type: 'thinking_delta', thinking: 'hm' }),
      more(0, { type: 'signature_delta', signature: 'sealed:signature:gemini:c2ln' }),
      stop(0),
    ],
  },
  {
    title: 'a thought that another issuer encrypted is sealed',
    events: part(0, { type: 'reasoning' }, { encrypted: 'ZW5j', issuer: 'openai' }),
    blocks: [
      begin(0, THINKING),
      more(0, { type: 'signature_delta', signature: 'sealed:encrypted:openai:ZW5j' }),
      stop(0),
    ],
  },
  {
    title: 'trap 89: own redacted thinking comes whole',
    events: part(0, { type: 'reasoning', issuer: 'anthropic', encrypted: 'ZW5j' }),
    blocks: [begin(0, { type: 'redacted_thinking', data: 'ZW5j' }), stop(0)],
  },
  { title: 'thinking of nothing has no block', events: part(0, { type: 'reasoning' }), blocks: [] },
  {
    title: 'a call, whose input is told in pieces only',
    events: part(0, { type: 'tool-call', id: 'call_1', name: 'f' }, { arguments: '{"a"' }, { arguments: ':1}' }),
    blocks: [
      begin(0, { type: 'tool_use', id: 'call_1', name: 'f', input: {} }),
      more(0, { type: 'input_json_delta', partial_json: '{"a"' }),
      more(0, { type: 'input_json_delta', partial_json: ':1}' }),
      stop(0),
    ],
  },
  {
    title: 'what an own call has besides',
    events: part(0, {
      type: 'tool-call',
      id: 'c',
      name: 'f',
      extra: { protocol: 'anthropic', fields: { caller: { type: 'direct' } } },
    }),
    blocks: [begin(0, { type: 'tool_use', id: 'c', name: 'f', input: {}, caller: { type: 'direct' } }), stop(0)],
  },
  {
    title: 'what a foreign call has besides',
    events: part(
      0,
      { type: 'tool-call', id: 'c', name: 'f', namespace: 'n', extra: { protocol: 'x', fields: { y: 1 } } },
      { signature: 's', issuer: 'gemini' },
    ),
    blocks: [begin(0, { type: 'tool_use', id: 'c', name: 'f', input: {} }), stop(0)],
    losses: [
      'choices.0.parts.0.namespace: dropped',
      'choices.0.parts.0.y: dropped',
      'choices.0.parts.0.signature: dropped',
    ],
  },
  {
    title: 'trap 46: a call with raw text is one with one string',
    events: part(
      0,
      { type: 'tool-call', id: 'c', name: 'patch', freeform: true },
      { arguments: '*** "' },
      { arguments: 'x"' },
    ),
    blocks: [
      begin(0, { type: 'tool_use', id: 'c', name: 'patch', input: {} }),
      more(0, { type: 'input_json_delta', partial_json: '{"input":"*** \\"x\\""}' }),
      stop(0),
    ],
  },
  {
    title: 'trap 49: an own call of the provider has its input in a delta, as clients want it',
    events: part(0, {
      type: 'whole',
      part: {
        type: 'opaque',
        protocol: 'anthropic',
        value: { type: 'server_tool_use', id: 's', name: 'w', input: { q: 1 } },
      },
    }),
    blocks: [
      begin(0, { type: 'server_tool_use', id: 's', name: 'w', input: {} }),
      more(0, { type: 'input_json_delta', partial_json: '{"q":1}' }),
      stop(0),
    ],
  },
  {
    title: 'own citations are told, foreign ones reported',
    events: part(
      0,
      { type: 'text' },
      { text: 'a' },
      { citation: { original: { protocol: 'anthropic', value: { type: 'page_location' } } } },
      { citation: { original: { protocol: 'openai-chat', value: {} } } },
    ),
    blocks: [
      begin(0, TEXT),
      more(0, { type: 'text_delta', text: 'a' }),
      more(0, { type: 'citations_delta', citation: { type: 'page_location' } }),
      stop(0),
    ],
    losses: ['choices.0.parts.0.citations: dropped'],
  },
  {
    title: 'trap 35: a part that cannot be told leaves no gap',
    events: [
      ...part(0, { type: 'text' }, { text: 'a' }),
      ...part(1, { type: 'whole', part: { type: 'image', source: { type: 'url', url: 'u' } } }),
      ...part(2, { type: 'whole', part: { type: 'opaque', protocol: 'gemini', value: {} } }),
      ...part(3, { type: 'text' }, { text: 'b' }),
    ],
    blocks: [
      begin(0, TEXT),
      more(0, { type: 'text_delta', text: 'a' }),
      stop(0),
      begin(1, TEXT),
      more(1, { type: 'text_delta', text: 'b' }),
      stop(1),
    ],
    losses: ['choices.0.parts.1: dropped', 'choices.0.parts.2: dropped'],
  },
  {
    title: 'other answers are reported once each',
    events: [
      ...part(0, { type: 'text' }, { text: 'a' }),
      { type: 'part-start', part: 0, choice: 1, head: { type: 'text' } },
      { type: 'part-delta', part: 0, choice: 1, delta: { text: 'b' } },
      { type: 'part-end', part: 0, choice: 1 },
    ],
    blocks: [begin(0, TEXT), more(0, { type: 'text_delta', text: 'a' }), stop(0)],
    losses: ['choices.1: dropped'],
  },
  {
    title: 'what else a text may bear is reported',
    events: part(0, { type: 'text' }, { text: 'a', signature: 's', logprobs: { protocol: 'x', value: {} } }),
    blocks: [begin(0, TEXT), more(0, { type: 'text_delta', text: 'a' }), stop(0)],
    losses: ['choices.0.parts.0.signature: dropped', 'choices.0.logprobs: dropped'],
  },
]

describe('anthropic: stream, encoded', () => {
  for (const { title, events, blocks, losses } of ROWS) {
    it(title, () => expect(contentOf(events)).to.deep.equal({ blocks, losses: losses ?? [] }))
  }

  it('the message is framed by its start and its end', () => {
    const { frames, payloads } = encode([START, ...part(0, { type: 'text' }, { text: 'Hi' }), USAGE, finish('stop')])
    expect(payloads[0]).to.deep.equal({
      type: 'message_start',
      message: {
        id: 'msg_9',
        type: 'message',
        role: 'assistant',
        model: 'groq/llama-3.1-70b-versatile',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 7, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
      },
    })
    expect(payloads.at(-2)).to.deep.equal({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { input_tokens: 40, output_tokens: 9, cache_creation_input_tokens: 0, cache_read_input_tokens: 60 },
    })
    expect(payloads.at(-1)).to.deep.equal({ type: 'message_stop' })
    for (const frame of frames) expect(frame).to.match(/^event: [a-z_]+\ndata: \{.*\}$/)
  })
  it('trap 101: what the back end counts at its start is told at ours', () => {
    const { payloads } = encode([{ ...START, usage: { inputTokens: 55, outputTokens: 1 } }])
    expect(payloads[0].message.usage).to.include({ input_tokens: 55, output_tokens: 1 })
  })
  it('trap 102: the end tells the tokens of the input too, counted or not', () => {
    const { payloads } = encode([START, ...part(0, { type: 'text' }, { text: 'a' }), finish('stop')])
    expect(payloads.at(-2).usage).to.include({ input_tokens: 7, output_tokens: 0 })
  })
  it('a stop sequence is told, and what belongs to the end where it belongs', () => {
    const end: StreamEvent = {
      type: 'finish',
      finishes: [{ choice: 0, reason: 'stop', stopSequence: 'END' }],
      extra: { protocol: 'anthropic', fields: { container: { id: 'c' }, context_management: { applied_edits: [] } } },
    }
    expect(encode([START, end]).payloads.at(-2)).to.deep.include({
      delta: { stop_reason: 'stop_sequence', stop_sequence: 'END', container: { id: 'c' } },
      context_management: { applied_edits: [] },
    })
  })
  it('a refusal in words stops as one', () => {
    const { payloads } = encode([START, ...part(0, { type: 'refusal' }, { text: 'No.' }), finish('stop')])
    expect(payloads.at(-2).delta.stop_reason).to.equal('refusal')
    expect(payloads[2].delta).to.deep.equal({ type: 'text_delta', text: 'No.' })
  })
  it('what the frame cannot bear is reported', () => {
    const { losses } = encode([
      { ...START, serviceTier: 'flex', extra: { protocol: 'x', fields: { a: 1 } } },
      { ...finish('stop'), extra: { protocol: 'x', fields: { b: 1 } } } as StreamEvent,
    ])
    expect(losses).to.deep.equal(['serviceTier: dropped', 'a: dropped', 'b: dropped'])
  })
  it('counters that are told at the start only are not told at the end', () => {
    const extra = {
      protocol: 'anthropic',
      fields: { service_tier: 'standard', server_tool_use: { web_search_requests: 1 } },
    }
    const { payloads } = encode([
      { ...START, usage: { extra } },
      { type: 'usage', usage: { outputTokens: 1, extra } },
      finish('stop'),
    ])
    expect(payloads[0].message.usage).to.deep.include(extra.fields)
    expect(payloads[1].usage).to.have.property('server_tool_use')
    expect(payloads[1].usage).to.not.have.property('service_tier')
  })

  it('trap 10: an error is told as the event error, and nothing follows it', () => {
    const error: StreamEvent = { type: 'error', error: { kind: 'overloaded', message: 'Overloaded' } }
    const { frames, payloads } = encode([START, ...part(0, { type: 'text' }, { text: 'a' }), error])
    expect(frames.at(-1)).to.match(/^event: error\n/)
    expect(payloads.at(-1)).to.deep.equal({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })
    expect(encode([error]).payloads).to.have.length(1)
  })

  it('a ping is a whole event of its own', () => {
    expect(anthropic.stream.keepAlive).to.equal('event: ping\ndata: {"type": "ping"}\n\n')
    expect(anthropic.stream.contentType).to.match(/^text\/event-stream/)
  })

  it('traps 34, 35: whatever is told, blocks come one after the other, and the official client reads it', async function () {
    this.timeout(20_000)
    const check = hasRecordings ? loadSchema('stream-event') : undefined
    const head = fc.constantFrom<PartHead>(
      { type: 'text' },
      { type: 'refusal' },
      { type: 'reasoning' },
      { type: 'reasoning', issuer: 'gemini', encrypted: 'e' },
      { type: 'tool-call', id: 'call_1', name: 'f' },
      { type: 'tool-call', id: '', name: 'g' },
      { type: 'whole', part: { type: 'image', source: { type: 'url', url: 'u' } } },
      { type: 'whole', part: { type: 'opaque', protocol: 'anthropic', value: { type: 'compaction', content: 'c' } } },
    )
    const texts = fc.array(fc.string(), { maxLength: 3 })
    const calls = fc.constantFrom<readonly string[]>([], ['{}'], ['', '{"a":', '1}'], ['{"a":'])
    const told = fc.array(fc.record({ head, texts, calls }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(told, fc.boolean(), async (parts, cut) => {
        const events: StreamEvent[] = []
        const grammar = createGrammar({ id: 'x1' }, (event) => events.push(event))
        grammar.push(START)
        for (const [index, one] of parts.entries()) {
          const place = { part: index, choice: 0 }
          grammar.push({ type: 'part-start', ...place, head: one.head })
          for (const text of one.texts) grammar.push({ type: 'part-delta', ...place, delta: { text } })
          for (const piece of one.calls) grammar.push({ type: 'part-delta', ...place, delta: { arguments: piece } })
        }
        grammar.push(finish(cut ? 'length' : 'stop'))
        grammar.end()
        const { payloads } = encode(events)
        checkFrames(payloads)
        for (const payload of payloads) expect(check?.(payload), JSON.stringify(payload)).to.equal(undefined)
        if (payloads.at(-1)?.type === 'message_stop') await readBySdk(payloads)
      }),
      { numRuns: 150 },
    )
  })
})

/** The rules of the API's stream, written down a second time. */
function checkFrames(payloads: readonly any[]): void {
  const last = payloads.at(-1)
  if (last.type === 'error' && payloads.length === 1) return
  expect(payloads[0].type).to.equal('message_start')
  let open: number | undefined
  let next = 0
  for (const payload of payloads) {
    if (payload.type === 'content_block_start') {
      expect(open).to.equal(undefined)
      expect(payload.index).to.equal(next)
      open = next++
    } else if (payload.type === 'content_block_delta') expect(payload.index).to.equal(open)
    else if (payload.type === 'content_block_stop') {
      expect(payload.index).to.equal(open)
      open = undefined
    }
  }
  expect(open).to.equal(undefined)
  expect(last.type).to.be.oneOf(['message_stop', 'error'])
  expect(payloads.filter((payload) => payload.type === 'message_delta')).to.have.length(last.type === 'error' ? 0 : 1)
}

async function readBySdk(payloads: readonly any[]): Promise<void> {
  const lines = `${payloads.map((payload) => JSON.stringify(payload)).join('\n')}\n`
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(lines))
      controller.close()
    },
  })
  const message = await MessageStream.fromReadableStream(stream).finalMessage()
  expect(message.content).to.have.length(payloads.filter((payload) => payload.type === 'content_block_start').length)
  expect(message.stop_reason).to.not.equal(null)
}
