import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { ARRAY_WIRE, chunkOf, EVENTS_WIRE, encodeAll, payloads, REPLY, sketchLosses, streamOf } from './exchange.ts'

const text = (said: string, more: object = {}) => ({ text: said, ...more })

const STOP = { finishReason: 'STOP' }

describe('gemini: a stream for a client, encoded', () => {
  const START: StreamEvent = { type: 'start', id: 'r1', model: 'm' }
  const END: StreamEvent = { type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] }
  const part = (
    head: Extract<StreamEvent, { type: 'part-start' }>['head'],
    deltas: readonly object[],
    index = 0,
  ): StreamEvent[] => [
    { type: 'part-start', part: index, choice: 0, head },
    ...deltas.map((delta): StreamEvent => ({ type: 'part-delta', part: index, choice: 0, delta })),
    { type: 'part-end', part: index, choice: 0 },
  ]
  const told = (events: readonly StreamEvent[]) => {
    const { text: frames, losses } = encodeAll([START, ...events])
    const chunks = payloads(frames)
    return {
      chunks,
      parts: chunks.flatMap((chunk) => chunk.candidates?.[0].content.parts ?? []),
      losses: sketchLosses(losses),
    }
  }

  const ROWS: readonly (readonly [string, readonly StreamEvent[], readonly object[], readonly string[]])[] = [
    [
      'text, piece by piece',
      part({ type: 'text' }, [{ text: 'a' }, { text: 'b' }]),
      [{ text: 'a' }, { text: 'b' }],
      [],
    ],
    ['thoughts', part({ type: 'reasoning' }, [{ text: 'a' }]), [{ text: 'a', thought: true }], []],
    ['refusals', part({ type: 'refusal' }, [{ text: 'No.' }]), [{ text: 'No.' }], []],
    [
      'a call, whole',
      part({ type: 'tool-call', id: 'c', name: 'f' }, [{ arguments: '{"a"' }, { arguments: ':1}' }]),
      [{ functionCall: { id: 'c', name: 'f', args: { a: 1 } } }],
      [],
    ],
    [
      'trap 91: a signed call',
      part({ type: 'tool-call', id: 'c', name: 'f' }, [{ signature: 's', issuer: 'gemini' }, { arguments: '{}' }]),
      [{ functionCall: { id: 'c', name: 'f', args: {} }, thoughtSignature: 's' }],
      [],
    ],
    [
      'Q66: a signed text, in one piece or after it',
      part({ type: 'text' }, [
        { text: 'a', signature: 's', issuer: 'gemini' },
        { signature: 't', issuer: 'gemini' },
      ]),
      [
        { text: 'a', thoughtSignature: 's' },
        { text: '', thoughtSignature: 't' },
      ],
      [],
    ],
    [
      'trap 92: a signed thought',
      part({ type: 'reasoning', issuer: 'gemini' }, [{ text: 'a' }, { signature: 's', issuer: 'gemini' }]),
      [
        { text: 'a', thought: true },
        { text: '', thought: true, thoughtSignature: 's' },
      ],
      [],
    ],
    [
      'trap 87: what others signed',
      part({ type: 'reasoning' }, [{ text: 'a' }, { signature: 's', issuer: 'anthropic' }]),
      [{ text: 'a', thought: true }],
      ['choices.0.parts.0.signature: dropped'],
    ],
    [
      'what nobody can read',
      part({ type: 'reasoning', encrypted: 'e', issuer: 'anthropic' }, []),
      [],
      ['choices.0.parts.0.encrypted: dropped'],
    ],
    [
      'a picture',
      part(
        { type: 'whole', part: { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } } },
        [],
      ),
      [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }],
      [],
    ],
    [
      'a block of others',
      part({ type: 'whole', part: { type: 'opaque', protocol: 'x', value: 1 } }, []),
      [],
      ['choices.0.parts.0: dropped'],
    ],
    [
      'log probabilities of others',
      part({ type: 'text' }, [{ text: 'a', logprobs: { protocol: 'x', value: {} } }]),
      [{ text: 'a' }],
      ['choices.0.logprobs: dropped'],
    ],
  ]
  for (const [title, events, parts, losses] of ROWS) {
    it(title, () => {
      const { parts: said, losses: lost } = told([...events, END])
      expect(said).to.deep.equal([...parts, { text: '' }])
      expect(lost).to.deep.equal(losses)
    })
  }

  it('trap 143: half a call is not told', () => {
    const { parts, losses } = told([
      ...part({ type: 'tool-call', id: 'c', name: 'f' }, [{ arguments: '{"a":' }]),
      { type: 'finish', finishes: [{ choice: 0, reason: 'length' }] },
    ])
    expect(parts).to.deep.equal([{ text: '' }])
    expect(losses).to.deep.equal(['choices.0.parts.0: dropped'])
  })

  it('every chunk says id and model; only the last says end and counters', () => {
    const { chunks } = told([
      ...part({ type: 'text' }, [{ text: 'a' }]),
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
      END,
    ])
    for (const chunk of chunks) expect(chunk).to.include({ modelVersion: 'asked', responseId: 'r1' })
    expect(chunks[0]).to.not.have.property('usageMetadata')
    expect(chunks.at(-1).candidates[0]).to.include({ finishReason: 'STOP', index: 0 })
    expect(chunks.at(-1).usageMetadata).to.deep.equal({
      promptTokenCount: 3,
      candidatesTokenCount: 2,
      totalTokenCount: 5,
    })
  })

  it('K80: there is no end mark of another API, no comment and no blank event', () => {
    const { text: frames } = encodeAll([START, ...part({ type: 'text' }, [{ text: 'a' }]), END])
    for (const line of frames.split('\n\n').slice(0, -1)) expect(line).to.match(/^data: \{.*\}$/)
  })

  it('trap 10: an error is one chunk', () => {
    const { chunks } = told([{ type: 'error', error: { kind: 'overloaded', message: 'Busy.' } }])
    expect(chunks).to.deep.equal([{ error: { code: 503, message: 'Busy.', status: 'UNAVAILABLE' } }])
  })

  it('trap 29: without alt=sse all of it is one JSON array, an error too', () => {
    const wire = { ...REPLY, wire: ARRAY_WIRE }
    const { text: frames } = encodeAll([START, ...part({ type: 'text' }, [{ text: 'a' }]), END], wire)
    expect(JSON.parse(frames).map((chunk: any) => chunk.candidates[0].content.parts[0].text)).to.deep.equal(['a', ''])
    const failed = encodeAll([{ type: 'error', error: { kind: 'internal', message: 'Oh.' } }], wire)
    expect(JSON.parse(failed.text)[0].error.message).to.equal('Oh.')
  })

  it('K81: the keep-alive is an empty chunk, in an array white space', () => {
    expect(gemini.stream.form?.(EVENTS_WIRE)).to.deep.equal({
      contentType: 'text/event-stream',
      keepAlive: 'data: {}\n\n',
    })
    const form = gemini.stream.form?.(ARRAY_WIRE)
    expect(form?.contentType).to.match(/^application\/json/)
    const encoder = gemini.stream.encoder({ ...REPLY, wire: ARRAY_WIRE })
    const frames = [START, ...part({ type: 'text' }, [{ text: 'a' }]), END].map((event) => encoder.encode(event))
    expect(JSON.parse(frames.join(form?.keepAlive))).to.have.length(2)
  })

  it('citations of others are told with the end, where they belong', () => {
    const original = { protocol: 'openai-chat', value: {} }
    const { chunks } = told([
      ...part({ type: 'text' }, [{ text: 'abc' }, { citation: { url: 'https://a', start: 0, end: 2, original } }]),
      END,
    ])
    expect(chunks.at(-1).candidates[0].groundingMetadata.groundingSupports).to.deep.equal([
      { segment: { startIndex: 0, endIndex: 2, text: 'ab' }, groundingChunkIndices: [0] },
    ])
  })

  it('trap 128: several candidates end together', () => {
    const events: StreamEvent[] = [
      START,
      { type: 'part-start', part: 0, choice: 1, head: { type: 'text' } },
      { type: 'part-delta', part: 0, choice: 1, delta: { text: 'b' } },
      { type: 'part-end', part: 0, choice: 1 },
      {
        type: 'finish',
        finishes: [
          { choice: 0, reason: 'stop' },
          { choice: 1, reason: 'length' },
        ],
      },
    ]
    const chunks = payloads(encodeAll(events).text)
    expect(chunks[0].candidates[0].index).to.equal(1)
    expect(chunks.at(-1).candidates.map((one: any) => [one.index, one.finishReason])).to.deep.equal([
      [0, 'STOP'],
      [1, 'MAX_TOKENS'],
    ])
  })
})

describe('gemini: the tap', () => {
  it('knows where something may be put, counts and end; what it cannot read it lets pass', () => {
    const tap = gemini.stream.tap()
    expect(tap.betweenEvents).to.equal(true)
    tap.push(Buffer.from('data: {"candidates":'))
    expect(tap.betweenEvents).to.equal(false)
    tap.push(Buffer.from('[}\r\n\r\n'))
    expect(tap.betweenEvents).to.equal(true)
    expect([tap.usage(), tap.finished]).to.deep.equal([undefined, false])
    tap.push(streamOf([chunkOf([text('a')], STOP, { usageMetadata: { promptTokenCount: 1 } })]))
    expect([tap.usage(), tap.finished]).to.deep.equal([{ inputTokens: 1 }, true])
    tap.push(Buffer.from('data: {"usageMetadata"\n\n'))
    expect(tap.usage()).to.equal(undefined)
  })
})
