import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import type { EmbeddingRequest } from '../../../protocols/ir/embedding.ts'
import { failureOf, freeze, sketchLosses, wireFor } from './exchange.ts'
import { hasRecordings, loadSchema, readRecordings } from './recordings.ts'

const ONE = wireFor('/v1beta/models/m:embedContent')
const MANY = wireFor('/v1beta/models/m:batchEmbedContents')
const face = gemini.embeddings as NonNullable<typeof gemini.embeddings>
const content = (text: string) => ({ parts: [{ text }] })

describe('gemini: embeddings', () => {
  it('one text, and several', () => {
    const one = face.request.decode(ONE, {
      content: content('a'),
      taskType: 'retrieval_query',
      title: 't',
      outputDimensionality: 3,
    }).value
    expect(one).to.deep.include({
      model: 'm',
      inputs: [{ type: 'text', text: 'a', title: 't' }],
      purpose: 'RETRIEVAL_QUERY',
      dimensions: 3,
    })
    const many = face.request.decode(MANY, {
      requests: [
        { model: 'models/m', content: content('a') },
        { model: 'models/m', content: content('b') },
      ],
    }).value
    expect(many.inputs).to.deep.equal([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ])
  })

  it('Q74: snake_case, several parts, a bare text, settings in an object of their own', () => {
    const { value, losses } = face.request.decode(ONE, {
      content: { parts: [{ text: 'a' }, 'b'] },
      embed_content_config: { output_dimensionality: 2, auto_truncate: true },
    })
    expect(value).to.deep.include({ inputs: [{ type: 'text', text: 'a\nb' }], dimensions: 2, truncate: true })
    expect(losses).to.deep.equal([])
    expect(face.request.decode(ONE, { content: 'a' }).value.inputs).to.deep.equal([{ type: 'text', text: 'a' }])
  })

  it('what cannot be said of several, or embedded elsewhere, is told', () => {
    const requests = [
      { content: content('a') },
      { content: content('b'), outputDimensionality: 3 },
      { content: { parts: [{ inlineData: {} }] } },
    ]
    expect(sketchLosses(face.request.decode(MANY, { requests }).losses)).to.deep.equal([
      'requests.2.content: dropped',
      'inputs.1: changed',
    ])
  })

  for (const [wire, body, param] of [
    [ONE, {}, 'content'],
    [ONE, { content: {} }, 'content.parts'],
    [MANY, {}, 'requests'],
    [MANY, { requests: [] }, 'requests'],
    [MANY, { requests: [{ content: 7 }] }, 'requests.0.content'],
    [ONE, { content: content('a'), outputDimensionality: 0 }, 'outputDimensionality'],
  ] as const) {
    it(`F31: ${JSON.stringify(body)} is refused, naming ${param}`, () => {
      expect(failureOf(() => face.request.decode(wire, body))).to.include({ kind: 'bad-request', param })
    })
  }
  it('F31: a first look already refuses a request without anything to embed', () => {
    for (const wire of [ONE, MANY])
      expect(failureOf(() => gemini.request.glance(wire, Buffer.from('{}'))).kind).to.equal('bad-request')
    expect(gemini.request.glance(MANY, Buffer.from('{"requests":[{}]}')).model).to.equal('m')
  })

  describe('for a back end', () => {
    const encode = (request: Partial<EmbeddingRequest>) => {
      const whole: EmbeddingRequest = { model: 'x', inputs: [{ type: 'text', text: 'a' }], ...request }
      const { body, losses } = face.request.encode(freeze(whole), {})
      return { body: JSON.parse(JSON.stringify(body)), losses: sketchLosses(losses) }
    }
    it('one is written by itself, several as a list in which each names the model', () => {
      expect(encode({ dimensions: 2 }).body).to.deep.equal({
        model: 'models/x',
        content: content('a'),
        outputDimensionality: 2,
      })
      const { body } = encode({
        inputs: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b', title: 't' },
        ],
        purpose: 'clustering',
        truncate: false,
      })
      expect(body.requests).to.deep.equal([
        { model: 'models/x', content: content('a'), taskType: 'CLUSTERING', autoTruncate: false },
        { model: 'models/x', content: content('b'), title: 't', taskType: 'CLUSTERING', autoTruncate: false },
      ])
    })
    it('what the API does not have is told', () => {
      expect(
        encode({ purpose: 'search', encoding: 'base64', userId: 'u', extra: { protocol: 'x', fields: { a: 1 } } })
          .losses,
      ).to.have.members(['purpose: dropped', 'encoding: changed', 'userId: dropped', 'a: dropped'])
    })
  })

  describe('answers', () => {
    const reply = (wire: typeof ONE) => ({ askedModel: 'm', wire, request: { model: 'm', inputs: [] } })
    it('of one and of several are read and written', () => {
      const one = { embedding: { values: [1, 2] } }
      const many = { embeddings: [{ values: [1] }, { values: [2] }] }
      expect(face.response.encode(face.response.decode(one, { facts: {} }).value, reply(ONE)).body).to.deep.equal(one)
      expect(face.response.encode(face.response.decode(many, { facts: {} }).value, reply(MANY)).body).to.deep.equal(
        many,
      )
    })
    it('counters are told', () => {
      const { body } = face.response.encode({ model: '', vectors: [[1]], usage: { inputTokens: 3 } }, reply(ONE))
      expect(body.usageMetadata).to.deep.equal({ promptTokenCount: 3 })
      expect(face.response.decode({ ...body }, { facts: {} }).value.usage?.inputTokens).to.equal(3)
    })
    it('that are none are the provider’s fault', () => {
      for (const body of [{}, { embeddings: [{}] }, { embedding: { values: ['x'] } }])
        expect(failureOf(() => face.response.decode(body, { facts: {} })).kind).to.equal('upstream-failed')
    })
  })

  it('recordings: requests and answers come back as the same JSON', function () {
    if (!hasRecordings) this.skip()
    const check = loadSchema('batch-embed-contents-response')
    let count = 0
    for (const { request, response } of readRecordings()) {
      if (request === null || !request.path.includes('batchEmbedContents') || response.status >= 400) continue
      count++
      const wire = wireFor(request.path)
      const { value, losses } = face.request.decode(wire, request.body)
      const { body } = face.request.encode(value, {})
      expect(Array.isArray(body.requests) ? body : { requests: [body] }).to.deep.equal(request.body)
      expect(losses).to.deep.equal([])
      const answer = face.response.decode(response.body, { facts: {} }).value
      const told = face.response.encode(answer, { askedModel: 'm', wire, request: value }).body
      expect(told).to.deep.equal(response.body)
      expect(check(told)).to.equal(undefined)
    }
    expect(count).to.be.greaterThan(3)
  })
})

describe('gemini: models and counts', () => {
  const MODEL = {
    id: 'vendor/x',
    ownedBy: 'vendor',
    createdAt: 0,
    displayName: 'X',
    contextTokens: 1000,
    maxOutputTokens: 10,
    capabilities: { reasoning: true },
  }
  it('a model bears its collection in its name, and what is known of it', () => {
    const { one, list } = gemini.models as NonNullable<typeof gemini.models>
    expect(one(MODEL)).to.deep.include({
      name: 'models/vendor/x',
      displayName: 'X',
      inputTokenLimit: 1000,
      outputTokenLimit: 10,
      thinking: true,
    })
    expect(one({ id: 'y', ownedBy: '', createdAt: 0 })).to.not.have.property('inputTokenLimit')
    if (!hasRecordings) return
    expect(loadSchema('model')(one(MODEL))).to.equal(undefined)
    expect(loadSchema('models')(list([MODEL, MODEL]))).to.equal(undefined)
  })
  it('a count is one number', () => {
    expect(gemini.tokens?.encode(7)).to.deep.equal({ totalTokens: 7 })
    if (hasRecordings) expect(loadSchema('count-tokens-response')(gemini.tokens?.encode(7))).to.equal(undefined)
  })
})
