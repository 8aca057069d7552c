import { expect } from 'chai'
import { cutEvery } from '../framing/cut.ts'
import { chunkOf, DONE, decodeStream, streamOf } from './exchange.ts'
import { deltas, piece, read, tell } from './tell-stream.ts'

describe('the frame of a stream', () => {
  const end = chunkOf({}, { choice: { finish_reason: 'stop' } })

  it('Q13: id and model are taken from the first chunk that has them', () => {
    const empty = { id: '', model: '', object: '', created: 0, choices: [], prompt_filter_results: [1] }
    const { start } = read(empty, chunkOf({ content: 'a' }), end, DONE)
    expect(start).to.deep.include({ id: 'chatcmpl-1', model: 'served', createdAt: 1_700_000_001 })
    expect(start.extra.fields).to.deep.equal({ prompt_filter_results: [1] })
  })

  it('Q13: what an empty first chunk tells is kept with what the next tells', () => {
    const empty = { id: '', model: '', choices: [], prompt_filter_results: [1] }
    const { start } = read(
      empty,
      { id: '', model: '', choices: [], region: 'eu' },
      chunkOf({ content: 'a' }),
      end,
      DONE,
    )
    expect(start.extra.fields).to.deep.equal({ prompt_filter_results: [1], region: 'eu' })
  })

  it('a stream that never tells its id tells its start once', () => {
    const empty = { id: '', model: 'm', choices: [] }
    const plain = (content: string) => ({ id: '', model: 'm', choices: [{ index: 0, delta: { content } }] })
    const { raw } = decodeStream([streamOf(empty, plain('a'), plain('b'), plain('c'), DONE)])
    expect(raw.filter(({ type }) => type === 'start')).to.deep.equal([{ type: 'start', model: 'm' }])
  })

  it('Q14: a later id changes nothing', () => {
    const { raw } = decodeStream([
      streamOf(chunkOf({ content: 'a' }), chunkOf({ content: 'b' }, { chunk: { id: 'other' } }), DONE),
    ])
    expect(raw.filter(({ type }) => type === 'start')).to.have.length(1)
  })

  it('Q5: random letters against eavesdroppers are no loss', () => {
    const { decoder } = decodeStream([
      streamOf(chunkOf({ content: 'a' }, { chunk: { obfuscation: 'xyz', p: 'abc' } }), end, DONE),
    ])
    expect(decoder.losses).to.deep.equal([])
  })

  it('what single chunks tell beyond is reported once, by its name', () => {
    const odd = chunkOf({ content: 'a', channel: 'x' }, { chunk: { x_groq: {} }, choice: { mood: 1 } })
    const { decoder } = decodeStream([streamOf(chunkOf({ content: 'a' }), odd, odd, end, DONE)])
    expect(decoder.losses.map(({ path }) => path)).to.have.members([
      'stream.x_groq',
      'stream.delta.channel',
      'stream.choice.mood',
    ])
  })

  const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 }
  const COUNTED: readonly (readonly [title: string, chunks: object[]])[] = [
    [
      'Q9, trap 104: in a chunk without choices',
      [chunkOf({ content: 'a' }, { chunk: { usage: null } }), end, { ...chunkOf({}), choices: [], usage }],
    ],
    [
      'Q10: beside the reason',
      [chunkOf({ content: 'a' }), chunkOf({}, { choice: { finish_reason: 'stop' }, chunk: { usage } })],
    ],
    [
      'Q10, trap 103: after the reason, beside an empty delta',
      [chunkOf({ content: 'a' }), end, chunkOf({ role: 'assistant', content: '' }, { chunk: { usage } })],
    ],
    [
      'Q11: in every chunk, the last counts',
      [
        chunkOf({ content: 'a' }, { chunk: { usage: { ...usage, completion_tokens: 1, total_tokens: 6 } } }),
        chunkOf({}, { choice: { finish_reason: 'stop' }, chunk: { usage } }),
      ],
    ],
    [
      'Q12: in an object of Groq’s',
      [chunkOf({ content: 'a' }), chunkOf({}, { choice: { finish_reason: 'stop' }, chunk: { x_groq: { usage } } })],
    ],
    ['defect 15: in a chunk of nothing else', [chunkOf({ content: 'a' }), end, { usage }]],
  ]
  for (const [title, chunks] of COUNTED) {
    it(`counters come ${title}`, () => {
      const told = read(...chunks, DONE)
      expect(told.usage).to.deep.equal({ inputTokens: 5, outputTokens: 2 })
      expect(told.parts).to.deep.equal([{ type: 'text', text: 'a' }])
      expect(told.last).to.deep.include({ finishes: [{ choice: 0, reason: 'stop' }] })
    })
  }

  it('Q29: thoughts beside the output are added as the facts have it', () => {
    const counters = { prompt_tokens: 5, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 3 } }
    const bytes = streamOf(chunkOf({ content: 'a' }, { chunk: { usage: counters } }), end, DONE)
    expect(tell(decodeStream([bytes], { countsReasoningAsOutput: false }).events).usage.outputTokens).to.equal(5)
  })

  it('Q3, trap 14: no end mark is needed', () =>
    expect(read(chunkOf({ content: 'a' }), end).last).to.have.property('type', 'finish'))

  it('Q16, Q18, trap 13: no reason is needed', () => {
    const plain = { id: 'x', model: 'm', choices: [{ index: 0, delta: { content: 'a' } }] }
    expect(read(plain, DONE).last).to.deep.include({ finishes: [{ choice: 0, reason: 'stop' }] })
    expect(deltas(piece(0, 'a', 'f', '{}')).last).to.deep.include({ finishes: [{ choice: 0, reason: 'tool-calls' }] })
  })

  it('Q17: the chunk with the reason may say something still', () => {
    expect(read(chunkOf({ content: 'a' }, { choice: { finish_reason: 'length' } }), DONE).parts).to.deep.equal([
      { type: 'text', text: 'a' },
    ])
  })

  it('Q10: the first reason counts, later nulls and reasons do not', () => {
    const reason = (finish_reason: string | null) => chunkOf({}, { choice: { finish_reason } })
    const told = read(chunkOf({ content: 'a' }), reason('length'), reason(null), reason('stop'), DONE)
    expect(told.last).to.deep.include({ finishes: [{ choice: 0, reason: 'length' }] })
  })

  it('trap 15, F62: nothing counts after the end mark', () => {
    const { decoder, events } = decodeStream([
      streamOf(chunkOf({ content: 'a' }), end, DONE, chunkOf({ content: 'b' }), DONE),
    ])
    expect(decoder.done).to.equal(true)
    expect(tell(events).parts).to.deep.equal([{ type: 'text', text: 'a' }])
  })

  it('trap 19: the last event needs no blank line', () => {
    expect(read(chunkOf({ content: 'a' }), `data: ${JSON.stringify(end)}`).last).to.deep.include({
      finishes: [{ choice: 0, reason: 'stop' }],
    })
  })

  it('Q1, Q2, trap 3, trap 4: comments, CRLF and no blank behind the colon change nothing', () => {
    const text = `: PROCESSING\r\n\r\ndata:${JSON.stringify(chunkOf({ content: 'a' }))}\r\n: ping\r\n\r\ndata:${JSON.stringify(end)}\r\n\r\ndata:[DONE]\r\n\r\n`
    expect(read(text).parts).to.deep.equal([{ type: 'text', text: 'a' }])
    const bytes = new TextEncoder().encode(text)
    expect(decodeStream(cutEvery(bytes, 1)).raw).to.deep.equal(decodeStream([bytes]).raw)
  })

  it('Q22, trap 128: candidates that come mixed stay apart', () => {
    const at = (index: number, content: string, finish_reason: string | null = null) =>
      chunkOf({ content }, { choice: { index, finish_reason } })
    const { events } = decodeStream([streamOf(at(0, 'a'), at(1, 'x'), at(0, 'b', 'stop'), at(1, 'y', 'length'), DONE)])
    expect(tell(events, 0).parts).to.deep.equal([{ type: 'text', text: 'ab' }])
    expect(tell(events, 1).parts).to.deep.equal([{ type: 'text', text: 'xy' }])
    expect(events.at(-1)).to.deep.include({
      finishes: [
        { choice: 0, reason: 'stop' },
        { choice: 1, reason: 'length' },
      ],
    })
  })

  it('what the vendor tells with the reason goes with it', () => {
    const told = read(
      chunkOf({ content: 'a' }),
      chunkOf({}, { choice: { finish_reason: 'stop', native_finish_reason: 'end_turn' } }),
      DONE,
    )
    expect((told.last as any).extra.fields).to.deep.equal({ native_finish_reason: 'end_turn' })
  })
})

describe('a stream that goes wrong', () => {
  const text = chunkOf({ content: 'a' })
  const ERRORS: readonly (readonly [title: string, event: object | string, kind: string, message: string])[] = [
    [
      'Q40: beside choices',
      chunkOf({ content: '' }, { chunk: { error: { code: 400, message: 'Token limit reached' } } }),
      'bad-request',
      'Token limit reached',
    ],
    [
      'Q40: as an event of its own',
      'event: error\ndata: {"error":{"message":"bad","status_code":429}}\n\n',
      'rate-limited',
      'bad',
    ],
    [
      'Q40: as a field that the standard does not know',
      'error: {"detail":"d","error":{"message":"failed to decode"}}\n\n',
      'upstream-failed',
      'failed to decode',
    ],
    ['trap 10: as an object', { error: { message: 'boom', type: 'overloaded_error' } }, 'overloaded', 'boom'],
    ['in words', { error: 'boom' }, 'upstream-failed', 'boom'],
    [
      'beside the end of a choice, as OpenRouter does',
      { choices: [{ index: 0, delta: {}, finish_reason: 'error', error: { code: 429, message: 'boom' } }] },
      'rate-limited',
      'boom',
    ],
    ['an event of words', 'event: error\ndata: boom\n\n', 'upstream-failed', 'boom'],
    [
      'trap 154: a prompt that is too long',
      { error: { message: 'x', code: 'context_length_exceeded' } },
      'context-overflow',
      'x',
    ],
  ]
  for (const [title, event, kind, message] of ERRORS) {
    it(`tells its error once: ${title}`, () => {
      const { raw, events, decoder } = decodeStream([streamOf(text, event, event, text, DONE)])
      expect(decoder.done).to.equal(true)
      expect(raw.filter(({ type }) => type === 'error')).to.have.length(1)
      expect(events.at(-1)).to.deep.include({ type: 'error' })
      expect((events.at(-1) as any).error).to.include({ kind, message, source: 'provider' })
      expect(tell(events).parts).to.deep.equal([{ type: 'text', text: 'a' }])
    })
  }

  it('tells the counters that come with its error', () => {
    const broken = chunkOf(
      {},
      { chunk: { error: { message: 'x' }, usage: { prompt_tokens: 4, completion_tokens: 1 } } },
    )
    expect(read(text, broken).usage).to.deep.equal({ inputTokens: 4, outputTokens: 1 })
  })

  it('but an error that is null is none', () => {
    expect(read(chunkOf({ content: 'a' }, { chunk: { error: null } }), DONE).last).to.have.property('type', 'finish')
  })

  const STRANGE = [
    'data: \n\n',
    'data: {"x\n\n',
    'data: null\n\n',
    'data: 5\n\n',
    'data: {}\n\n',
    'data: {"choices":5}\n\n',
  ]
  for (const event of STRANGE) {
    it(`trap 18, F65: skips and reports ${JSON.stringify(event)}`, () => {
      const { events, decoder } = decodeStream([streamOf(text, event, chunkOf({ content: 'b' }), DONE)])
      expect(tell(events).parts).to.deep.equal([{ type: 'text', text: 'ab' }])
      expect(decoder.losses.map(({ path }) => path)).to.deep.equal(['stream'])
    })
  }

  it('F65: ends after more than ten of them in a row, and not before', () => {
    const ten = Array.from({ length: 10 }, () => 'data: ?\n\n')
    expect(read(text, ...ten, text, ...ten, DONE).last).to.have.property('type', 'finish')
    expect(read(text, ...ten, 'data: ?\n\n', DONE).last).to.deep.include({ type: 'error' })
  })

  it('a chunk with something wrong inside is skipped like one that is no JSON', () => {
    const wrong = chunkOf({ reasoning_details: [5] })
    const { events, decoder } = decodeStream([streamOf(text, wrong, DONE)])
    expect(tell(events).last).to.have.property('type', 'finish')
    expect(decoder.losses).to.have.length(1)
  })

  it('F66: an event beyond all limits ends it', () => {
    const { events } = decodeStream([
      streamOf(text),
      ...Array.from({ length: 65 }, () => new Uint8Array(1024 * 1024).fill(120)),
    ])
    expect(events.at(-1)).to.deep.include({ type: 'error' })
    expect((events.at(-1) as any).error).to.include({ kind: 'upstream-failed', source: 'provider' })
  })

  it('F72, trap 12: nothing at all is an error of the provider', () => {
    for (const chunks of [[DONE], [chunkOf({ role: 'assistant', content: '' }), DONE], []]) {
      expect(read(...chunks).last).to.deep.include({ type: 'error' })
    }
  })
})
