import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { CalledOperation, ModelEntry } from '../../../protocols/codec.ts'
import { failureOf } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const MODEL: ModelEntry = { id: 'vendor/name', ownedBy: 'vendor', createdAt: 1_700_000_000 }

describe('anthropic: endpoints and addresses', () => {
  it('K3: lists of models are of this protocol where the client says its version', () => {
    const listed = anthropic.endpoints.map(({ method, path, operation, header }) => [method, path, operation, header])
    expect(listed).to.deep.equal([
      ['POST', '/v1/messages', 'chat', undefined],
      ['POST', '/v1/messages/count_tokens', 'count-tokens', undefined],
      ['GET', '/v1/models', 'list-models', 'anthropic-version'],
      ['GET', '/v1/models/{model}', 'get-model', 'anthropic-version'],
    ])
    expect(anthropic.basePath).to.equal('')
  })

  const ADDRESSES: readonly (readonly [
    operation: CalledOperation,
    stream: boolean,
    method: string,
    path: string,
    accept: string,
  ])[] = [
    ['chat', false, 'POST', '/v1/messages', 'application/json'],
    ['chat', true, 'POST', '/v1/messages', 'text/event-stream'],
    ['count-tokens', false, 'POST', '/v1/messages/count_tokens', 'application/json'],
  ]
  for (const [operation, stream, method, path, accept] of ADDRESSES) {
    it(`${operation}${stream ? ' as a stream' : ''} is ${method} ${path}`, () => {
      const address = anthropic.request.address({ model: 'a/b', stream, operation })
      expect(address).to.deep.equal({
        method,
        path,
        query: '',
        headers: { 'content-type': 'application/json', accept, 'anthropic-version': '2023-06-01' },
      })
    })
  }
  it('what the protocol has no path for is not asked of it', () => {
    const error = failureOf(() => anthropic.request.address({ model: 'm', stream: false, operation: 'embed' }))
    expect(error.kind).to.equal('not-implemented')
  })

  it('trap 126, trap 26: the headers that pass are few, and none is a credential', () => {
    expect(anthropic.forwardedHeaders).to.have.members(['anthropic-version', 'anthropic-beta'])
    expect(anthropic.returnedHeaders).to.have.members(['anthropic-ratelimit-*', 'retry-after'])
  })
})

describe('anthropic: models and tokens', () => {
  it('a model is told with its name and its date', () => {
    expect(anthropic.models?.one(MODEL)).to.deep.equal({
      type: 'model',
      id: 'vendor/name',
      display_name: 'vendor/name',
      created_at: '2023-11-14T22:13:20Z',
    })
  })
  it('what is known of its limits is told', () => {
    const told = anthropic.models?.one({
      ...MODEL,
      displayName: 'Name',
      contextTokens: 200_000,
      maxOutputTokens: 64_000,
    })
    expect(told).to.include({ display_name: 'Name', max_input_tokens: 200_000, max_tokens: 64_000 })
  })
  it('a list is one page', () => {
    const list = anthropic.models?.list([MODEL, { ...MODEL, id: 'b' }])
    expect(list).to.deep.include({ has_more: false, first_id: 'vendor/name', last_id: 'b' })
    expect(anthropic.models?.list([])).to.deep.equal({ data: [], has_more: false, first_id: null, last_id: null })
  })
  it('trap 109: a count of tokens is an object with one number', () => {
    const told = anthropic.tokens?.encode(42)
    expect(told).to.deep.equal({ input_tokens: 42 })
    if (hasRecordings) expect(loadSchema('count-tokens-response')(told)).to.equal(undefined)
  })
})
