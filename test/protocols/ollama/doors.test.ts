/** What is known of the wire without decoding it, and what is asked for besides answers. */
import { expect } from 'chai'
import type { ModelEntry } from '../../../protocols/codec.ts'
import type { ApiErrorKind } from '../../../protocols/ir/error.ts'
import { ollama } from '../../../protocols/ollama/index.ts'
import { bytesOf, CHAT, failureOf, GENERATE, plain, wireOf } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

describe('a glance at a request to Ollama', () => {
  const glance = (body: object, wire = CHAT) => ollama.request.glance(wire, bytesOf({ model: 'm', ...body }))
  const say = (more: object) => ({ messages: [{ role: 'user', content: 'Hi', ...more }] })

  it('sees a stream unless it is said that there is to be none', () => {
    expect(
      [{}, { stream: null }, { stream: true }, { stream: false }].map((said) => glance(said).stream),
    ).to.deep.equal([true, true, true, false])
  })

  it('sees who asks for thoughts', () => {
    const values = [true, 'low', false, '', null, undefined]
    expect(values.map((think) => glance({ think }).thinking)).to.deep.equal([true, true, false, false, false, false])
  })

  it('sees tools and pictures where there are some, and not where the list is null or empty', () => {
    expect(glance({ tools: [] }).needs.tools).to.equal(false)
    expect(glance({ tools: [{}] }).needs.tools).to.equal(true)
    for (const images of [null, [], undefined]) expect(glance(say({ images })).needs.images).to.equal(false)
    expect(glance(say({ images: ['aa'] })).needs.images).to.equal(true)
    expect(glance(say({ content: '"images": ["aa"]' })).needs.images).to.equal(false)
    expect(glance({ ...say({}), images: ['aa'] }).needs.images).to.equal(false)
    expect(glance({ prompt: 'Hi', images: ['aa'] }, GENERATE).needs.images).to.equal(true)
  })

  const IDLE: readonly (readonly [object, typeof CHAT, string | undefined])[] = [
    [{ messages: [] }, CHAT, 'load'],
    [{}, CHAT, 'load'],
    [{ messages: null }, CHAT, 'load'],
    [{ messages: [], keep_alive: 0 }, CHAT, 'unload'],
    [{ keep_alive: '0s' }, GENERATE, 'unload'],
    [{ keep_alive: '10m' }, GENERATE, 'load'],
    [{ prompt: '', system: 'x' }, GENERATE, 'load'],
    [{ prompt: 'Hi' }, GENERATE, undefined],
    [say({}), CHAT, undefined],
  ]
  for (const [body, wire, word] of IDLE) {
    it(`Q79: sees that ${JSON.stringify(body)} asks for ${word ?? 'an answer'}`, () => {
      expect(glance(body, wire).idle?.original?.value).to.equal(word)
    })
  }

  it('does not count the bytes of pictures as text', () => {
    const data = 'A'.repeat(100_000)
    expect(glance(say({ images: [data] })).textBytes).to.be.lessThan(1000)
  })

  it('refuses what is no request, naming the member', () => {
    const fail = (text: string, wire = CHAT) => failureOf(() => ollama.request.glance(wire, Buffer.from(text)))
    expect(fail('{}')).to.include({ kind: 'bad-request', param: 'model' })
    expect(fail('{"model":"m","messages":"Hi"}')).to.include({ kind: 'bad-request', param: 'messages' })
    expect(fail('{"model":"m","prompt":7}', GENERATE)).to.include({ kind: 'bad-request', param: 'prompt' })
    expect(fail('[')).to.include({ kind: 'bad-request' })
    expect(fail('')).to.include({ kind: 'bad-request' })
  })

  it('sees the model of a request for embeddings', () => {
    expect(glance({ input: 'a' }, wireOf('/api/embed'))).to.include({ model: 'm', stream: false })
  })

  it('renames the model in place, and nothing else', () => {
    const bytes = Buffer.from('{ "model":"m", "messages": [{"model":"m"}] }')
    expect(Buffer.from(ollama.request.rename(bytes, 'n')).toString()).to.equal(
      '{ "model":"n", "messages": [{"model":"m"}] }',
    )
    expect(ollama.request.rename(bytes, 'm')).to.equal(bytes)
  })
})

describe('the models as Ollama tells them', () => {
  const BARE: ModelEntry = { id: 'team/large:1', ownedBy: 'acme', createdAt: 1_700_000_000 }
  const FULL: ModelEntry = {
    ...BARE,
    id: 'small',
    displayName: 'Small One',
    contextTokens: 32_768,
    capabilities: { tools: false, images: true, reasoning: true },
  }

  it('trap 137: are listed with every member that an editor reads, the same each time', () => {
    const list = plain(ollama.models?.list([BARE, FULL]))
    expect(list).to.deep.equal(plain(ollama.models?.list([BARE, FULL])))
    for (const model of list.models) {
      expect(model).to.have.all.keys('name', 'model', 'modified_at', 'size', 'digest', 'details')
      expect(model.digest).to.match(/^[0-9a-f]{64}$/)
      expect(model.details).to.have.all.keys(
        'parent_model',
        'format',
        'family',
        'families',
        'parameter_size',
        'quantization_level',
      )
    }
    expect(list.models[0].digest).to.not.equal(list.models[1].digest)
    expect(list.models[0].modified_at).to.equal('2023-11-14T22:13:20.000Z')
    if (hasRecordings) expect(loadSchema('tags')(list)).to.equal(undefined)
  })

  it('trap 137: tell what they can do; of what nobody knows, that they call tools', () => {
    const capabilities = (model: ModelEntry) => plain(ollama.models?.one(model)).capabilities
    expect(capabilities(BARE)).to.deep.equal(['completion', 'tools'])
    expect(capabilities(FULL)).to.deep.equal(['completion', 'vision', 'thinking'])
  })

  it('tell their context under the name of their architecture', () => {
    const shown = plain(ollama.models?.one(FULL))
    const architecture = shown.model_info['general.architecture']
    expect(shown.model_info[`${architecture}.context_length`]).to.equal(32_768)
    expect(shown.model_info['general.basename']).to.equal('Small One')
    expect(plain(ollama.models?.one(BARE)).model_info).to.not.have.property(`${architecture}.context_length`)
    if (hasRecordings) expect(loadSchema('show-response')(shown)).to.equal(undefined)
  })

  it('are all in memory, for ever', () => {
    const running = plain(ollama.models?.running?.([FULL]))
    expect(running.models[0]).to.include({ name: 'small', context_length: 32_768, size_vram: 0 })
    expect(Date.parse(running.models[0].expires_at)).to.be.greaterThan(Date.parse('2300-01-01'))
    if (hasRecordings) expect(loadSchema('ps')(running)).to.equal(undefined)
  })

  it('are asked for in the body, by `model` or as older clients do', () => {
    const wanted = (body: unknown) => ollama.models?.wanted?.(body)
    expect(wanted({ model: 'a', name: 'b' })).to.equal('a')
    expect(wanted({ model: '', name: 'b' })).to.equal('b')
    expect(failureOf(() => wanted({}))).to.include({ kind: 'bad-request', param: 'model' })
    expect(failureOf(() => wanted('a'))).to.include({ kind: 'bad-request' })
  })

  it('trap 137: come from a server whose version editors trust, and that says who it is', () => {
    const told = plain(ollama.version?.encode('0.1.0'))
    expect(told.version).to.match(/^\d+\.\d+\.\d+$/)
    expect(told.gateway).to.equal('0.1.0')
    if (hasRecordings) expect(loadSchema('version')(told)).to.equal(undefined)
  })
})

describe('errors of Ollama', () => {
  const TOLD: readonly (readonly [status: number, body: string, kind: ApiErrorKind, message: RegExp])[] = [
    [404, '{"error":"model \\"x\\" not found, try pulling it first"}', 'model-not-found', /"x" not found/],
    [404, '{"error":"nothing here"}', 'not-found', /nothing here/],
    [400, '{"error":"\\"x\\" does not support tools"}', 'bad-request', /support tools/],
    [400, '{"error":"input length exceeds the context length"}', 'context-overflow', /exceeds/],
    [500, '{"error":"model requires more system memory"}', 'upstream-failed', /memory/],
    [503, '{"error":"server busy, please try again.  maximum pending requests exceeded"}', 'overloaded', /busy/],
    [401, '{"error":"unauthorized"}', 'unauthorized', /unauthorized/],
    [429, '{"error":{"message":"slow down"}}', 'rate-limited', /^slow down$/],
    [418, '{}', 'bad-request', /418/],
    [502, '<html>', 'upstream-failed', /502 \(text\/html\)/],
    [529, '', 'overloaded', /529/],
  ]
  for (const [status, body, kind, message] of TOLD) {
    it(`trap 27: ${status} ${body.slice(0, 50)} is ${kind}`, () => {
      const headers = { 'content-type': 'text/html; charset=utf-8', 'retry-after': '2' }
      const error = ollama.error.decode(status, headers, body)
      expect(error).to.include({ kind, status, source: 'provider', retryAfterMs: 2000 })
      expect(error.message).to.match(message)
    })
  }

  it('are told as one text, with the member that was wrong, and after how long to come again', () => {
    const { status, headers, body } = ollama.error.encode(
      { kind: 'rate-limited', message: 'Slow down.', param: 'model', retryAfterMs: 1500 },
      'req-1',
    )
    expect(status).to.equal(429)
    expect(headers).to.deep.equal({ 'content-type': 'application/json', 'x-request-id': 'req-1', 'retry-after': '2' })
    expect(body).to.deep.equal({ error: 'model: Slow down.' })
    if (hasRecordings) expect(loadSchema('error')(body)).to.equal(undefined)
    expect(ollama.error.encode({ kind: 'bad-request', message: 'model: no', param: 'model' }, 'r').body).to.deep.equal({
      error: 'model: no',
    })
  })

  it('have a status of failure, each kind of them', () => {
    const kinds: readonly ApiErrorKind[] = ['bad-request', 'not-implemented', 'internal', 'overloaded', 'unavailable']
    expect(kinds.map((kind) => ollama.error.encode({ kind, message: 'x' }, 'r').status)).to.deep.equal([
      400, 501, 500, 503, 503,
    ])
  })
})
