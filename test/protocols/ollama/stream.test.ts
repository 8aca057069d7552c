import { expect } from 'chai'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { ollama } from '../../../protocols/ollama/index.ts'
import { checkLegal } from '../../support/check-legal.ts'
import {
  DONE,
  decodeStream,
  encodeAnswer,
  encodeStream,
  GENERATE,
  lineOf,
  sketchLosses,
  streamOf,
  wireOf,
} from './exchange.ts'

const CALL = { function: { name: 'look', arguments: { at: 1 } } }

/** Type and what it says, for a glance at a sequence. */
function sketch(events: readonly StreamEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'part-start') return `start ${event.head.type} ${event.part}`
    if (event.type === 'part-delta') return `delta ${event.delta.text ?? event.delta.arguments}`
    if (event.type === 'part-end') return `end ${event.part}`
    if (event.type === 'finish') return `finish ${event.finishes[0]?.reason}`
    return event.type
  })
}

describe('a stream of Ollama', () => {
  it('Q78: begins, thinks, speaks and calls, and ends with what was counted', () => {
    const { events } = decodeStream([
      streamOf(
        { model: 'served', created_at: '2024-07-22T20:33:28Z', message: { role: 'assistant' }, done: false },
        lineOf({ thinking: 'Hm' }),
        lineOf({ thinking: '.' }),
        lineOf({ content: 'Let me' }),
        lineOf({ content: ' look.' }),
        lineOf({ tool_calls: [CALL, { id: 'own', ...CALL }] }),
        DONE,
      ),
    ])
    checkLegal(events)
    expect(sketch(events)).to.deep.equal([
      'start',
      'start reasoning 0',
      'delta Hm',
      'delta .',
      'end 0',
      'start text 1',
      'delta Let me',
      'delta  look.',
      'end 1',
      'start tool-call 2',
      'delta {"at":1}',
      'end 2',
      'start tool-call 3',
      'delta {"at":1}',
      'end 3',
      'usage',
      'finish tool-calls',
    ])
    const ids = events.flatMap((event) =>
      event.type === 'part-start' && event.head.type === 'tool-call' ? [event.head.id] : [],
    )
    expect(ids).to.deep.equal(['call_x1_0', 'own'])
  })

  it('of a prompt has its text beside everything else, and its context at the end', () => {
    const base = { model: 'm', created_at: '2024-07-22T20:33:28Z' }
    const { raw } = decodeStream([
      streamOf({ ...base, response: 'a', done: false }, { ...base, response: '', done: true, context: [1] }),
    ])
    expect(sketch(raw)).to.deep.equal(['start', 'start text 0', 'delta a', 'finish stop'])
    expect(raw.at(-1)).to.deep.include({ extra: { protocol: 'ollama', fields: { context: [1] } } })
  })

  it('trap 10: that tells an error ends with it, and with nothing else', () => {
    const { events, decoder } = decodeStream([streamOf(lineOf({ content: 'a' }), { error: 'out of memory' }, DONE)])
    checkLegal(events)
    expect(events.at(-1)).to.deep.equal({
      type: 'error',
      error: { kind: 'upstream-failed', message: 'out of memory', source: 'provider' },
    })
    expect(decoder.done).to.equal(true)
  })

  it('trap 15: is over with the line that says so', () => {
    const { raw } = decodeStream([streamOf(lineOf({ content: 'a' }), DONE, lineOf({ content: 'b' }), DONE)])
    expect(sketch(raw)).to.deep.equal(['start', 'start text 0', 'delta a', 'usage', 'finish stop'])
  })

  it('skips blank lines and lines that are none of an answer, and notes these', () => {
    const { events, decoder } = decodeStream([
      streamOf('\n', '\r\n', 'nonsense\n', { odd: 1 }, '[1]\n', lineOf({ content: 7 }), lineOf({ content: 'a' }), DONE),
    ])
    expect(events.at(-1)?.type).to.equal('finish')
    expect(decoder.losses).to.have.length(4)
  })

  it('F65: of nothing but nonsense is an error', () => {
    const { events } = decodeStream([streamOf(...Array.from({ length: 20 }, () => 'nonsense\n'), DONE)])
    expect(events).to.have.length(1)
    expect(events[0]).to.deep.include({ type: 'error' })
  })

  it('F66: with a line beyond every limit is an error', () => {
    const endless = new Uint8Array(8 * 1024 * 1024).fill(0x61)
    const { events } = decodeStream(Array.from({ length: 12 }, () => endless))
    expect(events.at(-1)).to.deep.include({ type: 'error' })
  })

  it('keeps log probabilities with their text, and gives them back', () => {
    const logprobs = [{ token: 'a', logprob: -0.5 }]
    const { events } = decodeStream([streamOf(lineOf({ content: 'a' }, { logprobs }), DONE)])
    const { lines } = encodeStream(events)
    expect(lines[0]).to.deep.include({ logprobs, done: false })
    expect(lines[0].message.content).to.equal('a')
  })
})

describe('a stream written as Ollama gives it', () => {
  const START: StreamEvent = { type: 'start', id: 'x', createdAt: 1_700_000_001 }
  const end = (reason: 'stop' | 'tool-calls' | 'refusal' | 'length' = 'stop'): StreamEvent => ({
    type: 'finish',
    finishes: [{ choice: 0, reason }],
  })
  const open = (head: Extract<StreamEvent, { type: 'part-start' }>['head'], part = 0): StreamEvent => ({
    type: 'part-start',
    part,
    choice: 0,
    head,
  })
  const more = (delta: Extract<StreamEvent, { type: 'part-delta' }>['delta'], part = 0): StreamEvent => ({
    type: 'part-delta',
    part,
    choice: 0,
    delta,
  })
  const close = (part = 0): StreamEvent => ({ type: 'part-end', part, choice: 0 })

  it('writes each piece at once, as a line of its own', () => {
    const { frames, lines } = encodeStream([
      START,
      open({ type: 'text' }),
      more({ text: 'a"b' }),
      more({ text: '\n' }),
      close(),
      end(),
    ])
    expect(frames.map((frame) => frame.split('\n').length - 1)).to.deep.equal([0, 0, 1, 1, 0, 1])
    expect(lines[0]).to.deep.equal({
      model: 'asked',
      created_at: '2023-11-14T22:13:21.000Z',
      message: { role: 'assistant', content: 'a"b' },
      done: false,
    })
    expect(lines[1].message.content).to.equal('\n')
  })

  it('trap 136: writes a call whole, in one line, however its arguments came', () => {
    const { lines } = encodeStream([
      START,
      open({ type: 'tool-call', id: 'c1', name: 'look' }),
      more({ arguments: '{"at"' }),
      more({ arguments: ':1}' }),
      close(),
      open({ type: 'tool-call', id: 'c2', name: 'hear' }, 1),
      more({ arguments: '{}' }, 1),
      close(1),
      end('tool-calls'),
    ])
    expect(lines.slice(0, -1).map(({ message }) => message)).to.deep.equal([
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c1', function: { index: 0, name: 'look', arguments: { at: 1 } } }],
      },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c2', function: { index: 1, name: 'hear', arguments: {} } }],
      },
    ])
    expect(lines.at(-1)).to.include({ done: true, done_reason: 'stop' })
  })

  it('trap 143: half a call is not told, whole or as a stream', () => {
    const { lines, losses } = encodeStream([
      START,
      open({ type: 'tool-call', id: 'c1', name: 'look' }),
      more({ arguments: '{"at": "ha' }),
      close(),
      end('length'),
    ])
    expect(lines.map(({ message, done_reason }) => [message.tool_calls, done_reason])).to.deep.equal([
      [undefined, 'length'],
    ])
    expect(losses.map(({ path }) => path)).to.deep.equal(['choices.0.parts.0'])
    const call = { type: 'tool-call', id: 'c1', name: 'look', arguments: '{"at": "ha' } as const
    const whole = encodeAnswer({ choices: [{ index: 0, parts: [call], finish: { reason: 'length' } }] })
    expect(whole.body).to.deep.include({ message: { role: 'assistant', content: '' }, done_reason: 'length' })
    expect(whole.losses.map(({ path }) => path)).to.deep.equal(['choices.0.parts.0'])
  })

  it('trap 136: tells at its end what was counted, and how long it took until the first word and after it', () => {
    let now = 100
    const { lines } = encodeStream(
      [
        START,
        open({ type: 'reasoning' }),
        more({ text: 'Hm' }),
        more({ text: '.' }),
        close(),
        { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
        end(),
      ],
      { elapsedMs: () => (now += 100) },
    )
    expect(lines[0].message).to.deep.equal({ role: 'assistant', content: '', thinking: 'Hm' })
    expect(lines[2]).to.deep.include({
      prompt_eval_count: 3,
      eval_count: 4,
      total_duration: 300_000_000,
      prompt_eval_duration: 200_000_000,
      eval_duration: 100_000_000,
      load_duration: 0,
    })
  })

  it('has responses and no messages for a client that sent a prompt', () => {
    const { lines } = encodeStream([START, open({ type: 'text' }), more({ text: 'a' }), close(), end()], {
      wire: GENERATE,
    })
    expect(lines.map(({ response, done }) => [response, done])).to.deep.equal([
      ['a', false],
      ['', true],
    ])
    expect(lines.some((line) => 'message' in line)).to.equal(false)
  })

  it('trap 10: tells an error in a line of its own, after which nothing says that it is done', () => {
    const { lines, text } = encodeStream([
      START,
      open({ type: 'text' }),
      more({ text: 'a' }),
      close(),
      { type: 'error', error: { kind: 'upstream-failed', message: 'It broke.' } },
    ])
    expect(lines.at(-1)).to.deep.equal({ error: 'It broke.' })
    expect(text).to.not.contain('"done":true')
  })

  it('reports what it cannot tell, once', () => {
    const { losses, lines } = encodeStream([
      { ...START, serviceTier: 'flex', extra: { protocol: 'other', fields: { odd: 1 } } } as StreamEvent,
      open({ type: 'reasoning', encrypted: 'e' }),
      more({ text: 'a', signature: 's', issuer: 'other' }),
      close(),
      open({ type: 'text' }, 1),
      more({ text: 'b', citation: { original: { protocol: 'x', value: 1 } } }, 1),
      more({ logprobs: { protocol: 'x', value: {} } }, 1),
      close(1),
      open({ type: 'refusal' }, 2),
      more({ text: 'No.' }, 2),
      close(2),
      open({ type: 'whole', part: { type: 'opaque', protocol: 'x', value: 1 } }, 3),
      close(3),
      { type: 'part-start', part: 0, choice: 1, head: { type: 'text' } },
      { type: 'part-delta', part: 0, choice: 1, delta: { text: 'second' } },
      { type: 'part-end', part: 0, choice: 1 },
      end('refusal'),
    ])
    expect(sketchLosses(losses)).to.deep.equal([
      'serviceTier: dropped',
      'odd: dropped',
      'choices.0.parts.0.encrypted: dropped',
      'choices.0.parts.0.signature: dropped',
      'choices.0.parts.1.citations: dropped',
      'choices.0.logprobs: dropped',
      'choices.0.parts.2: changed',
      'choices.0.parts.3: dropped',
      'choices: dropped',
      'choices.0.finish.reason: changed',
    ])
    expect(lines.map(({ message }) => message.content).join('')).to.equal('bNo.')
  })

  it('tells a picture whole', () => {
    const part = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aa' } } as const
    expect(encodeStream([START, open({ type: 'whole', part }), close(), end()]).lines[0].message.images).to.deep.equal([
      'aa',
    ])
  })
})

describe('the keep-alive of Ollama', () => {
  for (const [path, said] of [
    ['/api/chat', 'message'],
    ['/api/generate', 'response'],
  ] as const) {
    it(`K81: after ${path} is a line that adds nothing, with the ${said} that clients read in every line`, () => {
      const { keepAlive, contentType } = ollama.stream.form!(wireOf(path))
      expect(contentType).to.equal('application/x-ndjson')
      expect(keepAlive.endsWith('\n')).to.equal(true)
      const line = JSON.parse(keepAlive)
      expect(line).to.include.keys('model', 'created_at', said)
      expect(line.done).to.equal(false)
      const bytes = new TextEncoder().encode(keepAlive)
      const { raw } = decodeStream([bytes, streamOf(lineOf({ content: 'a' })), bytes, streamOf(DONE)])
      expect(sketch(raw).filter((one) => one !== 'start')).to.deep.equal([
        'start text 0',
        'delta a',
        'usage',
        'finish stop',
      ])
    })
  }
})

describe('the tap on a relayed stream of Ollama', () => {
  it('reads counters of the last line only, and knows where a line ends', () => {
    const tap = ollama.stream.tap()
    expect(tap.betweenEvents).to.equal(true)
    tap.push(streamOf(lineOf({ content: '"done": true, "eval_count": 9' })))
    expect([tap.finished, tap.usage(), tap.betweenEvents]).to.deep.equal([false, undefined, true])
    const bytes = streamOf(DONE)
    tap.push(bytes.subarray(0, 40))
    expect(tap.betweenEvents).to.equal(false)
    tap.push(bytes.subarray(40))
    expect([tap.finished, tap.betweenEvents]).to.deep.equal([true, true])
    expect(tap.usage()).to.deep.equal({ inputTokens: 3, outputTokens: 4 })
  })

  it('never throws, whatever passes', () => {
    const tap = ollama.stream.tap()
    tap.push(streamOf('{"done":true, nonsense\n'))
    for (let count = 0; count < 12; count++) tap.push(new Uint8Array(8 * 1024 * 1024).fill(0x61))
    tap.push(streamOf(DONE))
    expect(tap.usage()).to.equal(undefined)
  })
})
