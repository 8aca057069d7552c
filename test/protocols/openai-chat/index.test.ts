import { expect } from 'chai'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { decodeStream, encodeStream } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

describe('the codec of Chat Completions', () => {
  it('serves chat and models', () => {
    expect(
      openaiChat.endpoints.map(({ method, path, operation }) => `${method} ${path} ${operation}`),
    ).to.include.members([
      'POST /v1/chat/completions chat',
      'GET /v1/models list-models',
      'GET /v1/models/{model} get-model',
    ])
    expect(openaiChat).to.include({ name: 'openai-chat', basePath: '/v1' })
  })

  it('calls a back end at one path, and says what it wants back', () => {
    const call = { model: 'm', operation: 'chat' } as const
    expect(openaiChat.request.address({ ...call, stream: false })).to.deep.equal({
      method: 'POST',
      path: '/v1/chat/completions',
      query: '',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    })
    expect(openaiChat.request.address({ ...call, stream: true }).headers.accept).to.equal('text/event-stream')
  })

  it('trap 26, Q42: lets no credentials and no account through, and no request id back', () => {
    for (const name of openaiChat.forwardedHeaders)
      expect(name).to.not.match(/authorization|key|organization|project|cookie/)
    expect(openaiChat.returnedHeaders).to.include('x-ratelimit-*').and.not.include('x-request-id')
  })

  it('trap 4, trap 5, trap 6: keeps a stream alive with a comment that no reader takes for an event', () => {
    const { text } = encodeStream([
      { type: 'start' },
      { type: 'part-start', part: 0, choice: 0, head: { type: 'text' } },
    ])
    const { raw } = decodeStream([
      new TextEncoder().encode(`${openaiChat.stream.keepAlive}${text}${openaiChat.stream.keepAlive}`),
    ])
    expect(raw.map(({ type }) => type)).to.deep.equal(['start'])
    expect(openaiChat.stream.keepAlive).to.not.match(/\n\n|^id:/)
  })
})

describe('the list of models', () => {
  const MODELS = [
    { id: 'a', ownedBy: 'openai', createdAt: 1_700_000_000 },
    { id: 'b', ownedBy: 'x', createdAt: 0, displayName: 'B', contextTokens: 5, maxOutputTokens: 2 },
  ]

  it('X3: has the members of both dialects', () => {
    const list: any = openaiChat.models?.list(MODELS)
    expect(list).to.include({ object: 'list', has_more: false, first_id: 'a', last_id: 'b' })
    expect(list.data[0]).to.deep.equal({
      id: 'a',
      object: 'model',
      created: 1_700_000_000,
      owned_by: 'openai',
      type: 'model',
      display_name: 'a',
      created_at: '2023-11-14T22:13:20.000Z',
    })
    expect(list.data[1]).to.include({ display_name: 'B', context_length: 5, max_output_tokens: 2 })
    expect(openaiChat.models?.one(MODELS[0]!)).to.deep.equal(list.data[0])
  })

  it('may be empty', () => {
    expect(openaiChat.models?.list([])).to.deep.equal({
      object: 'list',
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    })
  })

  it('is one by OpenAI’s schema', function () {
    if (!hasRecordings) {
      console.log('    skipped: the schemas are not at hand')
      this.skip()
    }
    expect(loadSchema('models')(openaiChat.models?.list(MODELS))).to.equal(undefined)
  })
})
