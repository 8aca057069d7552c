/** Whether the gateway is well, for anybody and for those who have a key. */
import { expect } from 'chai'
import express from 'express'
import { createHealth } from '../../../src/admin/health.ts'
import { type AdminCall, createAdminClient } from '../../support/admin-client.ts'
import { createClosing } from '../../support/close-all.ts'
import { startFakeProvider } from '../../support/fake-provider.ts'
import { startGateway, type TestGateway } from '../../support/gateway.ts'
import { openTestRegistry } from '../../support/registry.ts'

const KEY = 'main-key-00000000001'
const SECRET = 'sk-proj-0123456789abcdefWXYZ'

describe('health and status', () => {
  const closing = createClosing()
  let gateway: TestGateway
  let open: AdminCall
  let call: AdminCall
  let failing: string

  beforeEach(async () => {
    const fake = await startFakeProvider(() => ({ kind: 'answer', status: 500, body: { error: { message: 'down' } } }))
    closing.add(fake, (running) => running.close())
    failing = fake.url
    gateway = await startGateway(
      closing,
      {
        providers: [
          { name: 'bad', protocol: 'openai-chat', api_base_url: failing, api_key: SECRET, models: ['m'] },
          { name: 'off', protocol: 'openai-chat', api_base_url: failing, enabled: false },
          { name: 'openai' },
        ],
      },
      {
        keys: { apiKey: KEY, apiKeys: [{ name: 'ann', key: 'ann-key-0000000002', enabled: true }] },
        routing: { breaker: { enabled: true, threshold: 1, timeoutMs: 60_000 } },
      },
    )
    open = createAdminClient(gateway.url)
    call = createAdminClient(gateway.url, KEY)
  })
  afterEach(() => closing.closeAll())

  const fail = () =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      body: JSON.stringify({ model: 'bad,m', messages: [{ role: 'user', content: 'hi' }] }),
    }).then((answer) => answer.text())

  it('B006, B016, A204, X9: without a key it tells how it is and how many providers, and nothing of them', async () => {
    const { status, body, text } = await open('GET', '/health')
    expect(status).to.equal(200)
    expect(Date.parse(body.timestamp)).to.be.closeTo(Date.now(), 60_000)
    expect(body).to.have.all.keys('status', 'timestamp', 'service', 'version', 'providers')
    expect(body).to.deep.include({ status: 'healthy', service: 'interlingua', providers: { total: 3, healthy: 1 } })
    expect(text).to.not.contain('bad')
  })

  it('B007: with a key it tells each provider and its parts, and still no secret', async () => {
    const { body, text } = await call('GET', '/health')
    expect(body.components.database).to.deep.equal({ status: 'ok' })
    expect(body.uptime_seconds).to.be.a('number')
    const details = new Map(body.provider_details.map((one: any) => [one.name, one]))
    expect(details.get('bad')).to.deep.include({ usable: true, models: [] })
    expect(details.get('off')).to.deep.include({ usable: false, problem: 'is disabled' })
    expect(details.get('openai')).to.deep.include({
      usable: false,
      problem: 'has no key: set OPENAI_API_KEY or api_key',
    })
    expect(text).to.not.contain(SECRET.slice(3))
    const client = await createAdminClient(gateway.url, 'ann-key-0000000002')('GET', '/health')
    expect(client.body.provider_details).to.have.lengthOf(3)
  })

  it('B008: a wrong key is as good as none', async () => {
    const { status, body } = await createAdminClient(gateway.url, 'wrong')('GET', '/health')
    expect(status).to.equal(200)
    expect(body).to.not.have.property('provider_details')
  })

  it('B006: a provider that only fails is not healthy, until its breaker is reset', async () => {
    await fail()
    expect((await open('GET', '/health')).body).to.deep.include({
      status: 'degraded',
      providers: { total: 3, healthy: 0 },
    })
    const { body } = await call('GET', '/providers/bad')
    expect(body.health.models[0]).to.deep.include({ model: 'm', state: 'open', failures: 1, in_flight: 0 })
    expect((await call('GET', '/status')).body).to.deep.include({ open_breakers: 1 })
    expect((await call('POST', '/admin/breakers/reset', { provider: 'off' })).body.breakers_closed).to.equal(0)
    expect((await call('POST', '/admin/breakers/reset', { provider: 'nobody' })).status).to.equal(404)
    expect((await call('POST', '/admin/breakers/reset')).body).to.deep.equal({ breakers_closed: 1, keys_awakened: 0 })
    expect((await open('GET', '/health')).body.providers.healthy).to.equal(1)
  })

  it('B002, B017, A205: the status tells version, uptime, configuration and providers, to admins only, and no secret', async () => {
    expect((await open('GET', '/status')).status).to.equal(401)
    expect((await createAdminClient(gateway.url, 'ann-key-0000000002')('GET', '/status')).status).to.equal(403)
    const { status, body, text } = await call('GET', '/status')
    expect(status).to.equal(200)
    expect(body).to.deep.include({ status: 'running', version: '0.0.0-test', active_group: 'default' })
    expect(body.uptime_seconds).to.be.at.least(0)
    expect(body.config).to.deep.include({ host: '127.0.0.1', file_keys: 2, max_attempts: 1, groups: 2, models: 1 })
    expect(body.config.circuit_breaker).to.deep.equal({ enabled: true, threshold: 1, timeout_ms: 60_000 })
    expect(body.providers).to.deep.include({ total: 3, healthy: 1 })
    const [first] = body.providers.list
    expect(first).to.deep.include({ name: 'bad', api_base_url: failing, enabled: true, models: 1, keys: 1 })
    expect(body).to.deep.include({ open_breakers: 0, resting_keys: 0, models_without_tools: [] })
    for (const secret of [SECRET, KEY, 'WXYZ']) expect(text).to.not.contain(secret)
  })

  it('E015: probes get the form that they know, and 503 while it drains', async () => {
    for (const path of ['/health/live', '/health/ready']) {
      const answer = await fetch(gateway.url + path)
      expect(answer.status).to.equal(200)
      expect(answer.headers.get('content-type')).to.contain('application/health+json')
      expect(answer.headers.get('cache-control')).to.contain('no-cache')
      expect(await answer.json()).to.deep.equal({ status: 'pass' })
    }
    const { store, registry } = await openTestRegistry(closing)
    const startedAt = new Date()
    const health = createHealth({
      store,
      registry,
      version: '1',
      now: () => startedAt,
      startedAt,
      isDraining: () => true,
    })
    const server = closing.add(express().use(health).listen(0, '127.0.0.1'), (running) => running.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const call = createAdminClient(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
    expect((await call('GET', '/health/ready')).status).to.equal(503)
    expect((await call('GET', '/health/live')).status).to.equal(200)
    expect((await call('GET', '/health')).body.status).to.equal('draining')
  })
})
