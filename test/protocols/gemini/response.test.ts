import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import { ApiFailure } from '../../../protocols/ir/error.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import type { Choice } from '../../../protocols/ir/response.ts'
import { failureOf, REPLY } from './exchange.ts'
import { answer, candidate, decode, encode } from './whole-answer.ts'

describe('gemini: a whole answer', () => {
  describe('lesson 63, Q70: what may be missing', () => {
    for (const [title, body] of [
      ['content without parts', { candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }] }],
      ['no content', { candidates: [{ finishReason: 'SAFETY' }] }],
      ['empty content', { candidates: [{ content: {}, finishReason: 'SAFETY' }] }],
      ['no candidates but counters', { usageMetadata: { promptTokenCount: 1 } }],
      ['one part where a list is meant', { candidates: [{ content: { parts: { text: '' } } }] }],
    ] as const) {
      it(title, () => expect(decode(body).choices).to.have.length(1))
    }
    it('Q73: an index', () => {
      const value = decode({ candidates: [candidate([{ text: 'a' }]), candidate([{ text: 'b' }], { index: 1 })] })
      expect(value.choices.map(({ index }) => index)).to.deep.equal([0, 1])
    })
    it('trap 128: candidates in another order', () => {
      const value = decode({
        candidates: [candidate([{ text: 'b' }], { index: 1 }), candidate([{ text: 'a' }], { index: 0 })],
      })
      expect(value.choices.map(({ parts: [part] }) => part?.type === 'text' && part.text)).to.deep.equal(['a', 'b'])
    })
    it('everything: that is no answer', () => {
      for (const body of [{}, [], 'x', { candidates: 7 }])
        expect(failureOf(() => decode(body))).to.include({ kind: 'upstream-failed', source: 'provider' })
    })
  })

  describe('parts', () => {
    it('trap 44: calls that have no id get one of the answer’s, each its own', () => {
      const parts = [
        { functionCall: { name: 'f', args: {} } },
        { functionCall: { name: 'f' } },
        { functionCall: { id: 'x', name: 'g', args: {} } },
      ]
      const value = answer(parts, {}, { responseId: 'R-1.2' })
      expect(
        value.choices[0]?.parts.map((part) => part.type === 'tool-call' && [part.id, part.arguments]),
      ).to.deep.equal([
        ['call_R-1_2_0', '{}'],
        ['call_R-1_2_1', '{}'],
        ['x', '{}'],
      ])
    })
    it('Q66: a signature stays on its part', () => {
      const parts = [
        { text: 'a', thoughtSignature: '1' },
        { text: 'b', thought: true, thoughtSignature: '2' },
        { functionCall: { name: 'f', args: {} }, thoughtSignature: '3' },
        { inlineData: { mimeType: 'image/png', data: 'AA==' }, thoughtSignature: '4' },
        { text: '', thoughtSignature: '5' },
      ]
      const value = answer(parts, { finishReason: 'STOP' })
      expect(encode(value.choices[0] as Choice).first.content.parts).to.deep.equal(parts)
    })
    it('Q76: pictures come between texts', () => {
      const value = answer([{ text: 'a' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }, { text: 'b' }])
      expect(value.choices[0]?.parts.map(({ type }) => type)).to.deep.equal(['text', 'image', 'text'])
    })
    it('trap 49: what ran on the server is carried as it is, also its results', () => {
      const parts = [
        { executableCode: { code: '1' } },
        { functionResponse: { name: 'f', response: {} } },
        { toolCall: { id: 'x' } },
        { inlineData: { mimeType: 'image/png', data: '' }, thought: true },
      ]
      const value = answer(parts)
      expect(value.choices[0]?.parts.map(({ type }) => type)).to.deep.equal(['opaque', 'opaque', 'opaque', 'opaque'])
      expect(encode(value.choices[0] as Choice).first.content.parts).to.deep.equal(parts)
    })
    const ROWS: readonly (readonly [string, Part, object | undefined, readonly string[]])[] = [
      ['text', { type: 'text', text: 'a' }, { text: 'a' }, []],
      ['white space', { type: 'text', text: ' ' }, { text: ' ' }, []],
      ['nothing', { type: 'text', text: '' }, undefined, []],
      ['a thought', { type: 'reasoning', text: 'a' }, { text: 'a', thought: true }, []],
      [
        'trap 87: a thought that another signed',
        { type: 'reasoning', text: 'a', signature: 's', issuer: 'anthropic' },
        { text: 'a', thought: true },
        ['choices.0.parts.0.signature: dropped'],
      ],
      [
        'a thought that nobody can read',
        { type: 'reasoning', text: '', encrypted: 'e', issuer: 'anthropic' },
        undefined,
        ['choices.0.parts.0.encrypted: dropped'],
      ],
      ['a refusal', { type: 'refusal', text: 'No.' }, { text: 'No.' }, []],
      [
        'a call',
        { type: 'tool-call', id: 'c', name: 'a/b', arguments: '{"a":1}' },
        { functionCall: { id: 'c', name: 'a/b', args: { a: 1 } } },
        [],
      ],
      [
        'a call of a group',
        { type: 'tool-call', id: 'c', name: 'f', arguments: '', namespace: 'n' },
        { functionCall: { id: 'c', name: 'f', args: {} } },
        ['choices.0.parts.0.namespace: dropped'],
      ],
      [
        'a picture',
        { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
        { inlineData: { mimeType: 'image/png', data: 'AA==' } },
        [],
      ],
      [
        'a file elsewhere',
        { type: 'file', source: { type: 'file-id', id: 'x', protocol: 'openai' } },
        undefined,
        ['choices.0.parts.0: dropped'],
      ],
      ['a block of others', { type: 'opaque', protocol: 'x', value: 1 }, undefined, ['choices.0.parts.0: dropped']],
      ['a result', { type: 'tool-result', callId: 'c', content: [] }, undefined, ['choices.0.parts.0: dropped']],
    ]
    for (const [title, part, wire, losses] of ROWS) {
      it(`${title} is told`, () => {
        const told = encode({ parts: [part] })
        expect(told.first.content.parts).to.deep.equal(wire === undefined ? [] : [wire])
        expect(told.losses).to.deep.equal(losses)
      })
    }
    it('trap 143: half a call is not told', () => {
      const parts: Part[] = [{ type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":' }]
      const told = encode({ parts, finish: { reason: 'length' } })
      expect(told.first.content.parts).to.deep.equal([])
      expect(told.losses).to.deep.equal(['choices.0.parts.0: dropped'])
    })
  })

  describe('sources', () => {
    const groundingMetadata = {
      webSearchQueries: ['q'],
      groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }, { retrievedContext: { uri: 'gs://b', title: 'B' } }],
      groundingSupports: [
        { segment: { partIndex: 1, startIndex: 0, endIndex: 1, text: 'y' }, groundingChunkIndices: [0, 1, 9] },
        { segment: { endIndex: 1, text: 'z' }, groundingChunkIndices: [0] },
      ],
    }
    it('are citations of the texts that they support, and go back as they were', () => {
      const value = answer([{ text: 'x' }, { text: 'y' }], { groundingMetadata, finishReason: 'STOP' })
      const [first, second] = value.choices[0]?.parts ?? []
      expect(first).to.not.have.property('citations')
      const citations = second?.type === 'text' ? second.citations : []
      expect(
        citations?.map(({ url, title, start, end, citedText }) => [url, title, start, end, citedText]),
      ).to.deep.equal([
        ['https://a', 'A', 0, 1, undefined],
        ['gs://b', 'B', 0, 1, undefined],
        // Not to be found in the text that it is about.
        ['https://a', 'A', undefined, undefined, 'z'],
      ])
      expect(encode(value.choices[0] as Choice).first.groundingMetadata).to.deep.equal(groundingMetadata)
    })
    it('are told in characters, where the API counts bytes', () => {
      const support = { segment: { startIndex: 3, endIndex: 7, text: 'née' }, groundingChunkIndices: [0] }
      const value = answer([{ text: 'Ä née' }], {
        groundingMetadata: { ...groundingMetadata, groundingSupports: [support] },
        finishReason: 'STOP',
      })
      const [part] = value.choices[0]?.parts ?? []
      const [citation] = (part?.type === 'text' ? part.citations : undefined) ?? []
      expect([citation?.start, citation?.end]).to.deep.equal([2, 5])
    })
    it('that the model quotes are citations too', () => {
      const citationMetadata = { citationSources: [{ startIndex: 1, endIndex: 3, uri: 'https://a' }] }
      const [part] = answer([{ text: 'abcd' }], { citationMetadata }).choices[0]?.parts ?? []
      expect(part?.type === 'text' && part.citations?.[0]).to.deep.include({ url: 'https://a', start: 1, end: 3 })
    })
    it('that are not as documented harm nobody', () => {
      for (const odd of [
        7,
        { groundingSupports: 7 },
        { groundingSupports: [7, { groundingChunkIndices: [0] }], groundingChunks: [7] },
      ])
        expect(answer([{ text: 'x' }], { groundingMetadata: odd }).choices[0]?.parts).to.have.length(1)
    })
    it('of another protocol are told as grounding, in bytes of UTF-8', () => {
      const original = { protocol: 'openai-chat', value: {} }
      const told = encode({
        parts: [
          { type: 'text', text: 'a' },
          {
            type: 'text',
            text: 'äöü',
            citations: [
              { url: 'https://a', start: 1, end: 2, original },
              { url: 'https://a', title: 'A', original },
              { citedText: 'no link', original },
            ],
          },
        ],
      })
      expect(told.first.groundingMetadata).to.deep.equal({
        groundingChunks: [{ web: { uri: 'https://a', title: 'https://a' } }],
        groundingSupports: [
          { segment: { partIndex: 1, startIndex: 2, endIndex: 4, text: 'ö' }, groundingChunkIndices: [0] },
          { segment: { partIndex: 1, startIndex: 0, endIndex: 6, text: 'äöü' }, groundingChunkIndices: [0] },
        ],
      })
    })
  })

  it('the answer says the model that was asked for, and the back end’s id', () => {
    expect(encode({}).body).to.include({ modelVersion: 'asked', responseId: 'r1' })
    expect(encode({}, { id: '' }).body.responseId).to.equal('x1')
  })

  it('what stands beside the candidates comes back, that of others is told as lost', () => {
    const value = answer(
      [{ text: 'x' }],
      { avgLogprobs: -1, logprobsResult: { chosenCandidates: [] } },
      { createTime: '2026-01-02T03:04:05Z', turnToken: 't' },
    )
    expect(value.createdAt).to.equal(1_767_323_045)
    const told: any = gemini.response.encode(value, REPLY).body
    expect(told).to.include({ createTime: '2026-01-02T03:04:05Z', turnToken: 't' })
    expect(told.candidates[0]).to.deep.include({ avgLogprobs: -1, logprobsResult: { chosenCandidates: [] } })
    const { losses } = encode(
      { logprobs: { protocol: 'x', value: 1 }, extra: { protocol: 'x', fields: { a: 1 } } },
      { serviceTier: 'flex', extra: { protocol: 'x', fields: { b: 1 } } },
    )
    expect(losses).to.have.members([
      'choices.0.logprobs: dropped',
      'choices.0.a: dropped',
      'serviceTier: dropped',
      'b: dropped',
    ])
  })

  it('several candidates are told (trap 128)', () => {
    const choice = (index: number): Choice => ({
      index,
      parts: [{ type: 'text', text: String(index) }],
      finish: { reason: 'stop' },
    })
    const { body } = gemini.response.encode({ id: '', model: '', choices: [choice(0), choice(1)] }, REPLY) as any
    expect(body.candidates.map((one: any) => [one.index, one.content.parts[0].text])).to.deep.equal([
      [0, '0'],
      [1, '1'],
    ])
  })

  it('an error with status 200 is an error', () => {
    const run = () => decode({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } })
    expect(run).to.throw(ApiFailure, 'overloaded')
    expect(failureOf(run).kind).to.equal('overloaded')
  })
})
