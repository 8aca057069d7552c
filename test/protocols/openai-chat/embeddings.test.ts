import { expect } from 'chai'
import fc from 'fast-check'
import type { EmbeddingReplyContext, WireRequest } from '../../../protocols/codec.ts'
import type { EmbeddingRequest, EmbeddingResponse } from '../../../protocols/ir/embedding.ts'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { readWireRecordings } from '../../support/play-recording.ts'
import { bytesOf, failureOf, freeze, sketchLosses } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const ENDPOINT = openaiChat.endpoints.find((one) => one.operation === 'embed')!
const WIRE: WireRequest = { endpoint: ENDPOINT, params: {}, query: new URLSearchParams(), headers: {} }
const embeddings = openaiChat.embeddings!

const decode = (body: unknown): EmbeddingRequest => embeddings.request.decode(WIRE, body).value
const decodeAnswer = (body: unknown): EmbeddingResponse => embeddings.response.decode(body, { facts: {} }).value

function encodeAnswer(response: EmbeddingResponse, request: Partial<EmbeddingRequest> = {}) {
  const context: EmbeddingReplyContext = {
    askedModel: 'asked',
    wire: WIRE,
    request: { model: 'asked', inputs: [{ type: 'text', text: 'a' }], ...request },
  }
  const { body, losses } = embeddings.response.encode(freeze(response), context)
  return { body: JSON.parse(JSON.stringify(body)), losses }
}

function listOf(...data: readonly object[]): object {
  return { object: 'list', data, model: 'm', usage: { prompt_tokens: 2, total_tokens: 2 } }
}

/** The bytes of 32-bit floats, written by the platform and not by the codec. */
const base64Of = (...numbers: number[]) => Buffer.from(new Float32Array(numbers).buffer).toString('base64')

describe('a request for embeddings', () => {
  const FORMS: readonly (readonly [string, unknown, EmbeddingRequest['inputs']])[] = [
    ['one text', 'Hi', [{ type: 'text', text: 'Hi' }]],
    [
      'several texts',
      ['a', 'b'],
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    ],
    ['a list of one text', ['a'], [{ type: 'text', text: 'a' }]],
    ['trap 138: the tokens of one text', [1, 2, 3], [{ type: 'tokens', tokens: [1, 2, 3] }]],
    [
      'trap 138: the tokens of several',
      [[1], [2, 3]],
      [
        { type: 'tokens', tokens: [1] },
        { type: 'tokens', tokens: [2, 3] },
      ],
    ],
  ]
  for (const [title, input, inputs] of FORMS) {
    it(`may hold ${title}, and goes back as it was`, () => {
      const body = { model: 'm', input, dimensions: 64, user: 'u', encoding_format: 'base64', other: 1 }
      const request = decode(body)
      expect(request.inputs).to.deep.equal(inputs)
      expect(request).to.include({ model: 'm', dimensions: 64, userId: 'u', encoding: 'base64' })
      const sent = embeddings.request.encode(freeze(request), {})
      expect(sent).to.deep.equal({ body, losses: [] })
    })
  }

  const REFUSED: readonly (readonly [string, object, string])[] = [
    ['no input', { model: 'm' }, 'input'],
    ['an empty list', { model: 'm', input: [] }, 'input'],
    ['a number', { model: 'm', input: 7 }, 'input'],
    ['a text among tokens', { model: 'm', input: [1, 'a'] }, 'input.1'],
    ['a null among texts', { model: 'm', input: ['a', null] }, 'input.1'],
    ['half a token', { model: 'm', input: [[1.5]] }, 'input.0.0'],
    ['no model', { input: 'a' }, 'model'],
    ['an empty model', { model: '', input: 'a' }, 'model'],
    ['no dimensions', { model: 'm', input: 'a', dimensions: 0 }, 'dimensions'],
    ['a number for a format', { model: 'm', input: 'a', encoding_format: 1 }, 'encoding_format'],
    ['a format of two words', { model: 'm', input: 'a', encoding_format: 'float please' }, 'encoding_format'],
  ]
  for (const [title, body, param] of REFUSED) {
    it(`with ${title} is refused at ${param}`, () => {
      expect(failureOf(() => decode(body))).to.include({ kind: 'bad-request', param })
    })
  }

  it('lesson 38: never says an empty format, and says float for clients of other protocols', () => {
    const empty = decode({ model: 'm', input: 'a', encoding_format: '' })
    expect(empty.encoding).to.equal(undefined)
    expect(embeddings.request.encode(empty, {}).body).to.not.have.property('encoding_format')
    const foreign: EmbeddingRequest = { model: 'm', inputs: [{ type: 'text', text: 'a' }] }
    expect(embeddings.request.encode(foreign, {}).body).to.deep.equal({
      model: 'm',
      input: ['a'],
      encoding_format: 'float',
    })
  })

  it('Q35: with the format of one vendor goes back with it, and asks for base64', () => {
    const body = { model: 'm', input: 'a', encoding_format: 'base64_int8' }
    const request = decode(body)
    expect(request.encoding).to.equal('base64')
    expect(embeddings.request.encode(request, {}).body).to.deep.equal(body)
  })

  it('of another protocol is told without what this one cannot say, each reported', () => {
    const request: EmbeddingRequest = {
      model: 'm',
      inputs: [{ type: 'text', text: 'a', title: 'A' }],
      purpose: 'search',
      truncate: true,
      extra: { protocol: 'other', fields: { odd: 1 } },
    }
    const { losses } = embeddings.request.encode(freeze(request), {})
    expect(sketchLosses(losses).sort()).to.deep.equal([
      'inputs.0.title: dropped',
      'odd: dropped',
      'purpose: dropped',
      'truncate: dropped',
    ])
  })

  it('leaves out what a provider refuses', () => {
    const request = decode({ model: 'm', input: 'a', user: 'u', encoding_format: 'float' })
    const sent = embeddings.request.encode(request, { refuses: ['user', 'encoding_format', 'seed'] })
    expect(sent.body).to.deep.equal({ model: 'm', input: 'a' })
    expect(sketchLosses(sent.losses)).to.deep.equal(['user: dropped'])
  })

  it('is glanced at by its own members', () => {
    const glance = openaiChat.request.glance(WIRE, bytesOf({ input: ['a'], model: 'm' }))
    expect(glance).to.include({ model: 'm', stream: false, thinking: false })
    const glanceAt = (body: object) => failureOf(() => openaiChat.request.glance(WIRE, bytesOf(body)))
    expect(glanceAt({ model: 'm', messages: [] })).to.include({ kind: 'bad-request', param: 'input' })
    expect(glanceAt({ input: 'a' })).to.include({ kind: 'bad-request', param: 'model' })
    expect(failureOf(() => openaiChat.request.glance(WIRE, Buffer.from('{"input":')))).to.include({
      kind: 'bad-request',
    })
  })

  it('is called at /v1/embeddings', () => {
    expect(openaiChat.request.address({ model: 'm', stream: false, operation: 'embed' })).to.include({
      method: 'POST',
      path: '/v1/embeddings',
    })
  })
})

describe('an answer with embeddings', () => {
  it('is sorted by index', () => {
    const { vectors } = decodeAnswer(listOf({ index: 1, embedding: [2] }, { index: 0, embedding: [1] }))
    expect(vectors).to.deep.equal([[1], [2]])
  })

  for (const [title, indexes] of [
    ['is -1 for all', [-1, -1]],
    ['is absent', [undefined, undefined]],
    ['counts from 1', [2, 1]],
    ['comes twice', [0, 0]],
  ] as const) {
    it(`lesson 27: whose index ${title} is taken in the order of the list`, () => {
      const data = indexes.map((index, place) => ({ index, embedding: [place] }))
      expect(decodeAnswer(listOf(...data)).vectors).to.deep.equal([[0], [1]])
    })
  }

  it('trap 138: in base64 is read as the 32-bit floats that it holds, each exactly', () => {
    const vector = [0.1, -0.25, 0, 1e-7, 3.5]
    const { vectors, encoding } = decodeAnswer(listOf({ index: 0, embedding: base64Of(...vector) }))
    expect(vectors).to.deep.equal([vector.map(Math.fround)])
    expect(encoding).to.equal('base64')
  })

  it('defect 21: is written in base64 for a client that asked for it, as numbers for all others', () => {
    const response: EmbeddingResponse = { model: 'm', vectors: [[0.5, -2]], usage: { inputTokens: 3 } }
    const { body } = encodeAnswer(response, { encoding: 'base64' })
    expect(body).to.deep.equal({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: base64Of(0.5, -2) }],
      model: 'asked',
      usage: { prompt_tokens: 3, total_tokens: 3 },
    })
    for (const encoding of [undefined, 'float'] as const) {
      const written = encodeAnswer(response, encoding === undefined ? {} : { encoding }).body
      expect(written.data[0].embedding).to.deep.equal([0.5, -2])
    }
  })

  it('property: any vector of 32-bit floats of a usual size comes back from base64 as it was', () => {
    const usual = fc
      .float({ noNaN: true, min: -1000, max: 1000 })
      .filter((one) => one === 0 || Math.abs(one) > 1e-19)
      .map((one) => one + 0)
    fc.assert(
      fc.property(fc.array(usual, { minLength: 1, maxLength: 64 }), (vector) => {
        const { body } = encodeAnswer({ model: 'm', vectors: [vector] }, { encoding: 'base64' })
        expect(decodeAnswer(body).vectors).to.deep.equal([vector])
      }),
    )
  })

  it('of another protocol tells no counters as 0, and reports what only that protocol has', () => {
    const { body, losses } = encodeAnswer({
      model: 'm',
      vectors: [[1]],
      extra: { protocol: 'other', fields: { load_time: 1 } },
    })
    expect(body.usage).to.deep.equal({ prompt_tokens: 0, total_tokens: 0 })
    expect(sketchLosses(losses)).to.deep.equal(['load_time: dropped'])
  })

  for (const [title, body] of [
    ['no data', { object: 'list' }],
    ['no vectors', { data: [] }],
    ['a vector of words', { data: [{ embedding: ['a'] }] }],
    ['no vector', { data: [{ index: 0 }] }],
    ['a list', []],
  ] as const) {
    it(`with ${title} is no answer`, () => {
      expect(failureOf(() => decodeAnswer(body))).to.include({ kind: 'upstream-failed', source: 'provider' })
    })
  }

  it('that tells an error is that error', () => {
    const body = { error: { message: 'too long', code: 'context_length_exceeded' } }
    expect(failureOf(() => decodeAnswer(body))).to.include({ kind: 'context-overflow' })
  })
})

describe('recorded embeddings', () => {
  const ALL = readWireRecordings('openai-chat').filter(({ id }) => id.includes('embeddings')) as readonly any[]

  before(function () {
    if (hasRecordings) return
    console.log('    skipped: the recordings are not at hand')
    this.skip()
  })

  for (const { id, request, response } of ALL) {
    it(`${id}: the request goes up as the same JSON`, () => {
      const { value, losses } = embeddings.request.decode(WIRE, request.body)
      const sent = embeddings.request.encode(value, {})
      expect(sent).to.deep.equal({ body: request.body, losses: [] })
      expect(losses).to.deep.equal([])
      expect(loadSchema('embeddings-request')(sent.body)).to.equal(undefined)
    })

    it(`${id}: the answer is as many vectors as were asked for, written by the schema`, () => {
      const answer = decodeAnswer(response.body)
      const asked = [request.body.input].flat().length
      expect(answer.vectors).to.have.length(asked)
      expect(answer.usage?.inputTokens).to.equal(response.body.usage.prompt_tokens)
      for (const [place, vector] of answer.vectors.entries()) {
        const { embedding } = response.body.data[place]
        if (Array.isArray(embedding)) expect(vector).to.deep.equal(embedding)
      }
      const { body, losses } = encodeAnswer(answer)
      expect(loadSchema('embeddings-response')(body)).to.equal(undefined)
      expect(losses).to.deep.equal([])
    })
  }

  it("Q35: Perplexity's are signed bytes, one for each dimension", () => {
    const perplexity = ALL.filter(({ id }) => id.startsWith('perplexity'))
    expect(perplexity).to.have.length(2)
    for (const { request, response } of perplexity) {
      for (const [place, vector] of decodeAnswer(response.body).vectors.entries()) {
        const bytes = [...Buffer.from(response.body.data[place].embedding, 'base64')]
        expect(vector).to.deep.equal(bytes.map((byte) => (byte > 127 ? byte - 256 : byte)))
        if (request.body.dimensions !== undefined) expect(vector).to.have.length(request.body.dimensions)
      }
    }
  })
})
