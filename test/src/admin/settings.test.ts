/** What may be changed of the running gateway beside its registry. */
import { expect } from 'chai'
import { createAdminClient } from '../../support/admin-client.ts'
import { createClosing } from '../../support/close-all.ts'
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts'
import { startGateway, type TestGateway } from '../../support/gateway.ts'

describe('/admin/settings', () => {
  const closing = createClosing()
  let gateway: TestGateway
  let provider: FakeProvider
  afterEach(() => closing.closeAll())

  const RETRY = { attempts: 1, backoffMs: 1 }

  async function start() {
    provider = await startFakeProvider(() => ({ kind: 'answer', status: 500, body: {} }))
    closing.add(provider, (fake) => fake.close())
    const one = { protocol: 'openai-chat', api_base_url: provider.url, api_key: 'k' }
    gateway = await startGateway(closing, {
      providers: [{ name: 'acme', ...one }],
      routes: { default: 'acme/m' },
    })
    return createAdminClient(gateway.url)
  }
  async function countCalls(): Promise<number> {
    const before = provider.requests.length
    const body = JSON.stringify({ model: 'x', messages: [{ role: 'user', content: 'hi' }] })
    await (await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body })).text()
    return provider.requests.length - before
  }

  it('a change holds from the next request on, and null goes back to what the file says', async () => {
    const call = await start()
    expect((await call('GET', '/admin/settings')).body).to.deep.include({ max_attempts: 1, log: true, changed: [] })
    expect(await countCalls()).to.equal(1)
    const { body } = await call('PUT', '/admin/settings', { max_attempts: 2, log: false })
    expect(body).to.deep.include({ max_attempts: 2, log: false, changed: ['log', 'max_attempts'] })
    const lines = gateway.lines.filter((line) => line.message === 'exchange').length
    expect(await countCalls()).to.equal(2)
    expect(gateway.lines.filter((line) => line.message === 'exchange')).to.have.lengthOf(lines)
    expect((await call('GET', '/status')).body.config).to.deep.include({ max_attempts: 2, log: false })
    await call('PUT', '/admin/settings', { max_attempts: null })
    expect((await call('GET', '/admin/settings')).body).to.deep.include({ max_attempts: 1, changed: ['log'] })
    expect(await countCalls()).to.equal(1)
  })

  it('it holds until the file says something else of it', async () => {
    const call = await start()
    await call('PUT', '/admin/settings', { max_attempts: 2, circuit_breaker_threshold: 9 })
    gateway.app.configure({ logExchanges: true, retry: RETRY })
    expect((await call('GET', '/admin/settings')).body.max_attempts).to.equal(2)
    gateway.app.configure({ logExchanges: true, retry: { ...RETRY, attempts: 5 } })
    const { body } = await call('GET', '/admin/settings')
    expect(body).to.deep.include({
      max_attempts: 5,
      circuit_breaker_threshold: 9,
      changed: ['circuit_breaker_threshold'],
    })
  })

  it('A130: the breaker is set anew while it runs', async () => {
    const call = await start()
    await call('PUT', '/admin/settings', { circuit_breaker_threshold: 1, circuit_breaker_timeout: '1h' })
    expect([await countCalls(), await countCalls()]).to.deep.equal([1, 0])
    await call('PUT', '/admin/settings', { circuit_breaker_enabled: false })
    expect(await countCalls()).to.equal(1)
  })

  it('a change that has not seen what is there is refused, and a dry run changes nothing', async () => {
    const call = await start()
    const { tag } = await call('GET', '/admin/settings')
    expect((await call('PUT', '/admin/settings?dry_run=true', { log: false })).body.result.log).to.equal(false)
    expect((await call('PUT', '/admin/settings', { log: false }, { 'if-match': tag })).status).to.equal(200)
    expect((await call('PUT', '/admin/settings', { log: true }, { 'if-match': tag })).status).to.equal(412)
  })

  const REFUSED = [
    [{ max_attempts: 0 }, 'max_attempts'],
    [{ circuit_breaker_timeout: 'soon' }, 'circuit_breaker_timeout'],
    [{ port: 1 }, 'port'],
    [{ max_atempts: null }, 'max_atempts'],
  ] as const
  for (const [body, field] of REFUSED) {
    it(`refuses ${JSON.stringify(body)}`, async () => {
      const call = await start()
      const answer = await call('PUT', '/admin/settings', body)
      expect([answer.status, answer.body.error.details.field]).to.deep.equal([400, field])
    })
  }
})
