import { expect } from 'chai'
import type { EmbeddingRequest, EmbeddingResponse } from '../../../protocols/ir/embedding.ts'
import { ollama } from '../../../protocols/ollama/index.ts'
import { failureOf, freeze, plain, sketchLosses, wireOf } from './exchange.ts'
import { hasRecordings, loadSchema, readCaptures, readRecordings } from './recordings.ts'

const NEW = wireOf('/api/embed')
const OLD = wireOf('/api/embeddings')
const embeddings = ollama.embeddings!

const decode = (body: unknown, wire = NEW) => embeddings.request.decode(wire, body).value
const decodeAnswer = (body: unknown) => embeddings.response.decode(body, { facts: {} }).value

function encodeAnswer(response: EmbeddingResponse, wire = NEW) {
  const request: EmbeddingRequest = { model: 'asked', inputs: [{ type: 'text', text: 'a' }] }
  const { body, losses } = embeddings.response.encode(freeze(response), { askedModel: 'asked', wire, request })
  return { body: plain(body), losses }
}

describe('a request to Ollama for embeddings', () => {
  for (const body of [
    { model: 'm', input: 'a' },
    { model: 'm', input: ['a', ''] },
    { model: 'm', input: '', truncate: false, dimensions: 64, keep_alive: '5m', options: { num_ctx: 10 } },
    { model: 'm', input: ['a'], options: {}, keep_alive: null },
  ]) {
    it(`goes back as the same JSON: ${JSON.stringify(body)}`, () => {
      expect(embeddings.request.encode(freeze(decode(body)), {})).to.deep.equal({ body, losses: [] })
    })
  }

  it('of old has one prompt', () => {
    const request = decode({ model: 'm', prompt: 'a', options: { seed: 1 } }, OLD)
    expect(request.inputs).to.deep.equal([{ type: 'text', text: 'a' }])
    expect(request.extra?.fields).to.deep.equal({ options: { seed: 1 } })
  })

  for (const [title, body, wire, param] of [
    ['no input', { model: 'm' }, NEW, 'input'],
    ['no texts', { model: 'm', input: [] }, NEW, 'input'],
    ['tokens', { model: 'm', input: [1, 2] }, NEW, 'input.0'],
    ['no model', { input: 'a' }, NEW, 'model'],
    ['no prompt', { model: 'm', input: 'a' }, OLD, 'prompt'],
    ['a word for its dimensions', { model: 'm', input: 'a', dimensions: 'many' }, NEW, 'dimensions'],
  ] as const) {
    it(`with ${title} is refused at ${param}`, () => {
      expect(failureOf(() => decode(body, wire))).to.include({ kind: 'bad-request', param })
    })
  }

  it('of another protocol is told without what this one cannot say, each reported', () => {
    const request: EmbeddingRequest = {
      model: 'm',
      inputs: [{ type: 'text', text: 'a', title: 'A' }],
      encoding: 'base64',
      purpose: 'search',
      userId: 'u',
      truncate: true,
      dimensions: 8,
      extra: { protocol: 'other', fields: { odd: 1 } },
    }
    const { body, losses } = embeddings.request.encode(freeze(request), { refuses: ['truncate'] })
    expect(body).to.deep.equal({ model: 'm', input: ['a'], dimensions: 8 })
    expect(sketchLosses(losses).sort()).to.deep.equal([
      'inputs.0.title: dropped',
      'odd: dropped',
      'purpose: dropped',
      'truncate: dropped',
      'userId: dropped',
    ])
  })

  it('trap 138: cannot be made of tokens, which are numbers of another vocabulary', () => {
    const request: EmbeddingRequest = { model: 'm', inputs: [{ type: 'tokens', tokens: [1] }] }
    expect(failureOf(() => embeddings.request.encode(request, {}))).to.include({ kind: 'bad-request', param: 'input' })
  })
})

describe('an answer of Ollama with embeddings', () => {
  it('has a vector for each input, or of old a single one', () => {
    expect(decodeAnswer({ model: 'm', embeddings: [[1], [2]], prompt_eval_count: 3 })).to.deep.equal({
      model: 'm',
      vectors: [[1], [2]],
      usage: { inputTokens: 3 },
    })
    expect(decodeAnswer({ embedding: [1, 2] })).to.deep.equal({ model: '', vectors: [[1, 2]] })
  })

  it('is written as the path has it that was called', () => {
    const response: EmbeddingResponse = { model: 'm', vectors: [[1], [2]], usage: { inputTokens: 3 } }
    const { body } = encodeAnswer(response)
    expect(body).to.deep.include({ model: 'asked', embeddings: [[1], [2]], prompt_eval_count: 3 })
    if (hasRecordings) expect(loadSchema('embed-response')(body)).to.equal(undefined)
    expect(encodeAnswer(response, OLD).body).to.deep.equal({ embedding: [1] })
  })

  it('reports what only another protocol has', () => {
    const { losses } = encodeAnswer({
      model: 'm',
      vectors: [[1]],
      usage: { inputTokens: 1, extra: { protocol: 'other', fields: { cost: 1 } } },
      extra: { protocol: 'other', fields: { id: 'x' } },
    })
    expect(sketchLosses(losses)).to.deep.equal(['usage.cost: dropped', 'id: dropped'])
  })

  for (const [title, body] of [
    ['no vectors', { embeddings: [] }],
    ['words', { embeddings: [['a']] }],
    ['nothing', {}],
    ['a text', 'a'],
  ] as const) {
    it(`is none with ${title}`, () => {
      expect(failureOf(() => decodeAnswer(body))).to.include({ kind: 'upstream-failed', source: 'provider' })
    })
  }

  it('that tells an error is that error', () => {
    expect(failureOf(() => decodeAnswer({ error: 'model "x" not found' }))).to.include({ kind: 'model-not-found' })
  })
})

describe('recorded embeddings of Ollama', () => {
  const ALL = readRecordings().filter(({ request }) => request.path === '/api/embed')
  const SENT = readCaptures().filter(({ path }) => path === '/api/embed')

  before(function () {
    if (hasRecordings) return
    console.log('    skipped: the recordings are not at hand')
    this.skip()
  })

  it('go up as the same JSON, those of clients too', () => {
    const bodies = [...ALL.map(({ request }) => request.body), ...SENT.map(({ body }) => body)]
    expect(bodies.length).to.be.greaterThan(1)
    for (const body of bodies) {
      expect(embeddings.request.encode(decode(body), {})).to.deep.equal({ body, losses: [] })
    }
  })

  it('come back as the same JSON', () => {
    for (const { response } of ALL) {
      const { body, losses } = encodeAnswer(decodeAnswer(response.body))
      expect(body).to.deep.equal({ ...response.body, model: 'asked' })
      expect(losses).to.deep.equal([])
    }
  })
})
