import { request } from 'node:http'
import { expect } from 'chai'
import { Ollama } from 'ollama'
import type { AppOptions } from '../../src/app/app-options.ts'
import { createClosing } from '../support/close-all.ts'
import { type Answerer, STALL, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'

describe('the models of an Ollama behind the gateway', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(answerer: Answerer, name = 'ollama-native', options: Partial<AppOptions> = {}) {
    const fake = closing.add(await startFakeProvider(answerer), (opened) => opened.close())
    const gateway = await startGateway(
      closing,
      {
        providers: [{ name, api_base_url: fake.url, api_key: 'sk-secret', models: ['llama3'] }],
        groups: {
          home: { aliases: { mine: `${name}/llama3`, '*': `${name}/llama3` } },
          default: { aliases: { mine: `${name}/llama3` } },
        },
      },
      options,
    )
    return {
      fake,
      gateway,
      client: new Ollama({ host: gateway.url, headers: { authorization: 'Bearer of-the-client', cookie: 'a=b' } }),
    }
  }
  const lines =
    (...all: object[]): Answerer =>
    () => ({
      kind: 'stream',
      headers: { 'content-type': 'application/x-ndjson' },
      steps: all.map((line) => `${JSON.stringify(line)}\n`),
    })

  it('are fetched, and the client sees how far it is', async () => {
    const { client, fake, gateway } = await connect(lines({ status: 'pulling manifest' }, { status: 'success' }))
    const seen: string[] = []
    for await (const { status } of await client.pull({ model: 'mine', stream: true })) seen.push(status)
    expect(seen).to.deep.equal(['pulling manifest', 'success'])
    const sent = await fake.request(0)
    expect([sent.method, sent.path]).to.deep.equal(['POST', '/api/pull'])
    // The client of today writes the older name.
    expect(sent.json).to.include({ name: 'llama3' })
    expect(sent.headers['authorization']).to.equal('Bearer sk-secret')
    expect(sent.headers).to.not.have.property('cookie')
    expect((await gateway.exchange(0)).road).to.equal('raw')
  })

  it('are deleted and copied under the names that they have there', async () => {
    const { client, fake } = await connect(() => ({ kind: 'answer', body: {} }))
    await client.delete({ model: 'mine' })
    await client.copy({ source: 'mine', destination: 'other' })
    const [gone, copied] = fake.requests
    expect([gone?.method, gone?.path, gone?.json.name]).to.deep.equal(['DELETE', '/api/delete', 'llama3'])
    expect([copied?.path, copied?.json]).to.deep.equal(['/api/copy', { source: 'llama3', destination: 'other' }])
  })

  it('get files byte for byte, in a group whose names all lead there', async () => {
    const { fake, gateway } = await connect(() => ({ kind: 'answer', status: 201, body: {} }))
    const bytes = Buffer.alloc(300_000, 'GGUF')
    const digest = 'sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2'
    const status = await new Promise<number | undefined>((resolve) => {
      const call = request(`${gateway.url}/home/api/blobs/${digest}`, { method: 'POST' }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      call.end(bytes)
    })
    expect(status).to.equal(201)
    const sent = await fake.request(0)
    expect(decodeURIComponent(sent.path)).to.equal(`/api/blobs/${digest}`)
    expect(sent.body.equals(bytes)).to.equal(true)
  })

  it('tell their server’s own errors', async () => {
    const { client } = await connect(() => ({
      kind: 'answer',
      status: 404,
      body: { error: 'model "llama3" not found' },
    }))
    const failure = await client.delete({ model: 'mine' }).catch((error: unknown) => error)
    expect(String(failure)).to.contain('not found')
  })

  it('are told to be out of reach when the server is', async () => {
    const { client, fake } = await connect(() => ({ kind: 'answer' }))
    await fake.close()
    const failure = await client.delete({ model: 'mine' }).catch((error: unknown) => error)
    expect(String(failure)).to.contain('refused the connection')
  })

  it('are out of reach of callers to whom the gateway is not open', async () => {
    const team = { name: 'team', key: 'of-the-client', groups: ['default'], enabled: true }
    const keys = { apiKey: 'main-key-of-the-gateway', apiKeys: [team] }
    const { client, fake } = await connect(() => ({ kind: 'answer', body: {} }), 'ollama-native', { keys })
    const failure = await client.delete({ model: 'mine' }).catch((error: unknown) => error)
    expect(String(failure)).to.contain('works on the models of one server')
    expect(fake.requests).to.have.length(0)
  })

  it('F24: a client that leaves ends the call', async () => {
    const { gateway, fake } = await connect(() => ({ kind: 'stream', steps: ['{"status":"pulling"}\n', STALL] }))
    const leaving = new AbortController()
    const answer = await fetch(`${gateway.url}/api/pull`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"model":"mine"}',
      signal: leaving.signal,
    })
    expect(answer.status).to.equal(200)
    leaving.abort()
    await (await fake.request(0)).abandoned
    await gateway.exchange(0)
  })

  it('are nobody’s where a name leads to no Ollama, or nowhere', async () => {
    const { client, fake } = await connect(() => ({ kind: 'answer', body: {} }), 'openai')
    for (const model of ['mine', 'unknown']) {
      const failure = await client.delete({ model }).catch((error: unknown) => error)
      expect(String(failure)).to.contain('works on the models of one server')
    }
    expect(fake.requests).to.have.length(0)
  })
})
