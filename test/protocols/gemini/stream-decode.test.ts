import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { chunkOf, decodeStream, encodeAll, payloads, streamOf } from './exchange.ts'

/** What the events say: `text:abc`, `~thought`, `call f#id {...}`, `!signature`, `end:stop`. */
function sketch(events: readonly StreamEvent[]): string[] {
  const lines: string[] = []
  for (const event of events) {
    if (event.type === 'part-start') {
      const { head } = event
      lines.push(
        head.type === 'tool-call'
          ? `call ${head.name} `
          : head.type === 'whole'
            ? `[${head.part.type}]`
            : head.type === 'reasoning'
              ? '~'
              : '',
      )
    }
    if (event.type === 'part-delta') {
      const { text = '', arguments: args = '', signature } = event.delta
      lines[lines.length - 1] += text + args + (signature === undefined ? '' : `!${signature}`)
    }
    if (event.type === 'finish') lines.push(`end:${event.finishes.map(({ reason }) => reason).join()}`)
    if (event.type === 'error') lines.push(`error:${event.error.kind}`)
  }
  return lines
}

const read = (chunks: readonly object[]) => {
  const { events, decoder } = decodeStream([streamOf(chunks)])
  checkLegal(events)
  return { said: sketch(events), events, losses: decoder.losses }
}

const text = (said: string, more: object = {}) => ({ text: said, ...more })

const STOP = { finishReason: 'STOP' }

describe('gemini: a back end’s stream, decoded', () => {
  const ROWS: readonly (readonly [string, readonly object[], readonly string[]])[] = [
    ['pieces of text are one part', [chunkOf([text('a')]), chunkOf([text('b')], STOP)], ['ab', 'end:stop']],
    [
      'Q70: the end in a chunk of its own, with an empty text',
      [chunkOf([text('a')]), chunkOf([text('')], STOP)],
      ['a', 'end:stop'],
    ],
    [
      'Q70: the end without parts',
      [chunkOf([text('a')]), { candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }] }],
      ['a', 'end:stop'],
    ],
    [
      'thoughts, then text',
      [chunkOf([text('a', { thought: true })]), chunkOf([text('b', { thought: true }), text('c')], STOP)],
      ['~ab', 'c', 'end:stop'],
    ],
    [
      'trap 93: a signed piece is a part of its own',
      [chunkOf([text('a')]), chunkOf([text('b', { thoughtSignature: 's' })]), chunkOf([text('c')], STOP)],
      ['a', 'b!s', 'c', 'end:stop'],
    ],
    [
      'Q66: an empty text with a signature survives',
      [chunkOf([text('a')]), chunkOf([text('', { thoughtSignature: 's' })], STOP)],
      ['a', '!s', 'end:stop'],
    ],
    [
      'a signed thought',
      [
        chunkOf([text('a', { thought: true })]),
        chunkOf([text('', { thought: true, thoughtSignature: 's' })]),
        chunkOf([text('b')], STOP),
      ],
      ['~a', '~!s', 'b', 'end:stop'],
    ],
    [
      'traps 32, 39: parallel calls, whole, and STOP later',
      [
        chunkOf([{ functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 's' }]),
        chunkOf([{ functionCall: { name: 'g', args: {} } }]),
        chunkOf([text('')], STOP),
      ],
      ['call f {"a":1}!s', 'call g {}', 'end:tool-calls'],
    ],
    [
      'trap 38: a call without arguments',
      [chunkOf([{ functionCall: { name: 'f' } }], STOP)],
      ['call f {}', 'end:tool-calls'],
    ],
    [
      'pictures and what ran on the server',
      [chunkOf([{ inlineData: { mimeType: 'image/png', data: 'AA==' } }, { executableCode: { code: '1' } }], STOP)],
      ['[image]', '[opaque]', 'end:stop'],
    ],
    ['K81: keep-alives say nothing', [{}, chunkOf([text('a')]), {}, chunkOf([], STOP), {}], ['a', 'end:stop']],
    ['trap 13: no end at all', [chunkOf([text('a')])], ['a', 'end:stop']],
    ['the limit', [chunkOf([text('a')], { finishReason: 'MAX_TOKENS' })], ['a', 'end:length']],
    ['a refused prompt', [{ promptFeedback: { blockReason: 'SAFETY' } }], ['end:content-filter']],
    ['trap 12: nothing', [chunkOf([], STOP)], ['error:upstream-failed']],
    [
      'trap 10: an error in mid-stream',
      [
        chunkOf([text('a')]),
        { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } },
        chunkOf([text('b')]),
      ],
      ['a', 'error:overloaded'],
    ],
  ]
  for (const [title, chunks, said] of ROWS) {
    it(title, () => {
      const told = read(chunks)
      expect(told.said).to.deep.equal(said)
      expect(told.losses).to.deep.equal([])
    })
  }

  describe('Q69: arguments in pieces', () => {
    const piece = (partialArgs: readonly object[], willContinue = true) =>
      chunkOf([{ functionCall: { partialArgs, ...(willContinue ? { willContinue } : {}) } }])
    const open = chunkOf([{ functionCall: { name: 'f', willContinue: true }, thoughtSignature: 's' }])
    const close = chunkOf([{ functionCall: {} }])
    const ROWS: readonly (readonly [string, readonly object[], unknown])[] = [
      [
        'a text that goes on',
        [
          piece([{ jsonPath: '$.a', stringValue: 'Bos', willContinue: true }]),
          piece([{ jsonPath: '$.a', stringValue: 'ton' }]),
        ],
        { a: 'Boston' },
      ],
      [
        'values of every kind',
        [
          piece([
            { jsonPath: '$.n', numberValue: 1.5 },
            { jsonPath: '$.b', boolValue: false },
            { jsonPath: '$.z', nullValue: 'NULL_VALUE' },
          ]),
        ],
        { n: 1.5, b: false, z: null },
      ],
      [
        'places inside of lists and objects',
        [
          piece([
            { jsonPath: '$.l[0].a', stringValue: 'x' },
            { jsonPath: '$.l[1].a', stringValue: 'y' },
            { jsonPath: "$.o['c d']", numberValue: 1 },
            { jsonPath: '$.o["e"]', numberValue: 2 },
          ]),
        ],
        { l: [{ a: 'x' }, { a: 'y' }], o: { 'c d': 1, e: 2 } },
      ],
      [
        'snake_case',
        [chunkOf([{ function_call: { partial_args: [{ json_path: '$.a', number_value: 1 }], will_continue: true } }])],
        { a: 1 },
      ],
      ['none', [], {}],
    ]
    for (const [title, chunks, args] of ROWS) {
      it(title, () => {
        const { said } = read([open, ...chunks, close, chunkOf([text('')], STOP)])
        expect(said[0]?.startsWith('call f ')).to.equal(true)
        expect(JSON.parse(said[0]?.replace('call f !s', '') ?? '')).to.deep.equal(args)
        expect(said.at(-1)).to.equal('end:tool-calls')
      })
    }
    it('names that belong to the prototype are members like any other', () => {
      const { said } = read([
        open,
        piece([{ jsonPath: '$.__proto__.polluted', stringValue: 'x' }]),
        close,
        chunkOf([], STOP),
      ])
      expect(said[0]).to.equal('call f !s{"__proto__":{"polluted":"x"}}')
      expect(({} as { polluted?: string }).polluted).to.equal(undefined)
    })
    it('two calls, one after the other', () => {
      const { said } = read([open, close, open, piece([{ jsonPath: '$.a', numberValue: 1 }], false), chunkOf([], STOP)])
      expect(said).to.deep.equal(['call f !s{}', 'call f !s{"a":1}', 'end:tool-calls'])
    })
    it('traps 13, 143: a call that breaks off is an error, unless the limit cut it', () => {
      const begun = [open, piece([{ jsonPath: '$.a', stringValue: 'Bos', willContinue: true }])]
      expect(read(begun).said.at(-1)).to.equal('error:upstream-failed')
      expect(read([...begun, chunkOf([], { finishReason: 'MAX_TOKENS' })]).said).to.deep.equal([
        'call f !s{"a":"Bos"',
        'end:length',
      ])
    })
  })

  it('Q70: an answer that goes on after a call by the server ends when its bytes do', () => {
    const stream = streamOf([
      chunkOf([{ functionCall: { name: 'f', args: {} } }], STOP),
      chunkOf([{ functionResponse: { name: 'f', response: {} } }]),
      chunkOf([text('done')], STOP),
    ])
    const { raw, events } = decodeStream([stream])
    const finishes = raw.map(({ type }) => type)
    expect(finishes.indexOf('finish')).to.equal(finishes.length - 1)
    expect(sketch(events)).to.deep.equal(['call f {}', '[opaque]', 'done', 'end:tool-calls'])
  })

  it('an end without calls is told at once, so that nobody waits for the connection', () => {
    const events: StreamEvent[] = []
    const decoder = gemini.stream.decoder({ facts: {} }, (event) => events.push(event))
    decoder.push(streamOf([chunkOf([text('a')], STOP)]))
    expect(events.some(({ type }) => type === 'finish')).to.equal(true)
    expect(decoder.done).to.equal(false)
  })

  it('trap 128, Q73: candidates are told apart by their index', () => {
    const { events } = read([
      {
        candidates: [
          { index: 1, content: { parts: [text('b')] } },
          { index: 0, content: { parts: [text('a')] } },
        ],
      },
      {
        candidates: [
          { index: 0, finishReason: 'STOP' },
          { index: 1, finishReason: 'MAX_TOKENS' },
        ],
      },
    ])
    const end = events.at(-1)
    expect(end?.type === 'finish' && end.finishes).to.deep.equal([
      { choice: 0, reason: 'stop' },
      { choice: 1, reason: 'length' },
    ])
  })

  it('Q71: the counters of the last chunk count', () => {
    const { events } = read([
      chunkOf([text('a')], {}, { usageMetadata: { promptTokenCount: 9, totalTokenCount: 198 } }),
      chunkOf([], STOP, { usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 } }),
    ])
    const usage = events.find((event) => event.type === 'usage')
    expect(usage?.type === 'usage' && usage.usage).to.deep.equal({ inputTokens: 5, outputTokens: 2 })
  })

  it('sources come with later chunks, and belong to the text before; each is told once', () => {
    const grounding = (count: number) => ({
      groundingMetadata: {
        groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }],
        groundingSupports: Array.from({ length: count }, () => ({
          segment: { text: 'a' },
          groundingChunkIndices: [0],
        })),
      },
    })
    const { events } = read([chunkOf([text('a')], grounding(1)), chunkOf([text('')], { ...STOP, ...grounding(2) })])
    expect(events.filter((event) => event.type === 'part-delta' && event.delta.citation !== undefined)).to.have.length(
      2,
    )
    const { text: told } = encodeAll(events)
    expect(payloads(told).at(-1).candidates[0].groundingMetadata).to.deep.equal(grounding(2).groundingMetadata)
  })

  describe('Q6, Q7: other forms', () => {
    const chunks = [chunkOf([text('a')]), chunkOf([text('b')], STOP)]
    it('a growing JSON array, a byte at a time', () => {
      const bytes = Buffer.from(` \r\n[${chunks.map((chunk) => JSON.stringify(chunk, null, 2)).join(',\r\n')}]`)
      expect(sketch(decodeStream(Array.from(bytes, (byte) => Uint8Array.of(byte))).events)).to.deep.equal([
        'ab',
        'end:stop',
      ])
    })
    it('an array that is cut in the middle', () => {
      const bytes = Buffer.from(`[${JSON.stringify(chunks[0])},{"cand`)
      expect(sketch(decodeStream([bytes]).events)).to.deep.equal(['a', 'end:stop'])
    })
    it('one object: an error, or the whole answer', () => {
      const error = '{\n  "error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}\n}\n'
      expect(sketch(decodeStream([Buffer.from(error)]).events)).to.deep.equal(['error:unauthorized'])
      expect(sketch(decodeStream([Buffer.from(JSON.stringify(chunkOf([text('a')], STOP)))]).events)).to.deep.equal([
        'a',
        'end:stop',
      ])
    })
    it('an error in an array', () => {
      const bytes = Buffer.from('[{"error":{"code":429,"message":"Slow down.","status":"RESOURCE_EXHAUSTED"}}]')
      expect(sketch(decodeStream([bytes]).events)).to.deep.equal(['error:rate-limited'])
    })
    it('a byte order mark, and the end mark of another API', () => {
      const bytes = Buffer.from(`\ufeffdata: ${JSON.stringify(chunks[1])}\n\ndata: [DONE]\n\n`)
      const { events, decoder } = decodeStream([bytes])
      expect(sketch(events)).to.deep.equal(['b', 'end:stop'])
      expect(decoder.losses).to.deep.equal([])
    })
  })

  it('trap 18: chunks that cannot be read are counted, and too many end the stream (F65)', () => {
    const good = `data: ${JSON.stringify(chunkOf([text('a')]))}\n\n`
    const { events, decoder } = decodeStream([
      Buffer.from(`${good}data: {"a\n\ndata:\n\ndata: {"candidates":[7]}\n\n${good}`),
    ])
    expect(sketch(events)).to.deep.equal(['aa', 'end:stop'])
    expect(decoder.losses).to.have.length(2)
    const broken = decodeStream([Buffer.from(good + 'data: {\n\n'.repeat(20))])
    expect(sketch(broken.events)).to.deep.equal(['a', 'error:upstream-failed'])
    expect(broken.decoder.done).to.equal(true)
  })
})
