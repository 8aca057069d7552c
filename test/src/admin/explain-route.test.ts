/** Where a request would go, told without sending it. */
import { expect } from 'chai'
import { createAdminClient } from '../../support/admin-client.ts'
import { createClosing } from '../../support/close-all.ts'
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts'
import { startGateway } from '../../support/gateway.ts'

describe('POST /admin/explain for routes', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  let provider: FakeProvider
  async function start() {
    provider = await startFakeProvider(() => ({ kind: 'answer', status: 500, body: {} }))
    closing.add(provider, (fake) => fake.close())
    const one = { protocol: 'openai-chat', api_base_url: provider.url, api_key: 'sk-canary-0123456789' }
    const blind = { name: 'blind', capabilities: { images: false } }
    const { url } = await startGateway(
      closing,
      {
        providers: [
          { name: 'acme', ...one, models: ['m', blind] },
          { name: 'off', ...one, enabled: false },
          { name: 'openai' },
        ],
        routes: {
          default: {
            provider: 'acme',
            model: 'm',
            parameters: { temperature: 0.5 },
            fallbacks: ['off/x', 'openai/y', 'acme/blind'],
          },
          longContext: 'acme/long',
          think: 'acme/thinker',
        },
        groups: { team: { aliases: { 'fast-*': 'acme/m' }, models: ['fast-*'] } },
      },
      { routing: { breaker: { enabled: true, threshold: 1, timeoutMs: 60_000 } } },
    )
    const call = createAdminClient(url)
    return { url, call, ask: async (question: object) => (await call('POST', '/admin/explain', question)).body }
  }

  it('tells the rule, the targets in their order, and why others are left out', async () => {
    const { ask, url } = await start()
    const body = await ask({ model: 'anything', needs: { images: true } })
    expect(body).to.deep.include({ group: 'default', model: 'anything', rule: 'default', strategy: 'weighted' })
    expect(body.targets).to.deep.equal([
      { provider: 'acme', protocol: 'openai-chat', model: 'm', key: 'sk-…6789', parameters: { temperature: 0.5 } },
    ])
    expect(body.left_out).to.deep.equal([
      { provider: 'off', model: 'x', reason: 'is disabled' },
      { provider: 'openai', model: 'y', reason: 'has no key: set OPENAI_API_KEY or api_key' },
      { provider: 'acme', model: 'blind', reason: 'cannot take images' },
    ])
    expect(provider.requests, 'nobody was called').to.have.lengthOf(0)
    const chat = { model: 'acme,m', messages: [{ role: 'user', content: 'hi' }] }
    await (await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(chat) })).text()
    const after = await ask({ model: 'acme,m' })
    expect(after.targets).to.deep.equal([])
    expect(after.left_out[0].reason).to.equal('failed again and again, and is tried again in 60 seconds')
    expect(after.refusal.kind).to.equal('unavailable')
  })

  const RULES = [
    [{ model: 'x', tokens: 60_001 }, 'longContext'],
    [{ model: 'x', tokens: 60_000 }, 'default'],
    [{ model: 'x', thinking: true }, 'think'],
    [{ model: 'acme,m' }, 'provider-model'],
    [{ model: 'fast-1', group: 'team' }, 'pattern'],
    [{ model: 'team@fast-1' }, 'pattern'],
  ] as const
  for (const [question, rule] of RULES) {
    it(`${JSON.stringify(question)} goes by the rule ${rule}`, async () => {
      const { ask } = await start()
      expect(await ask(question)).to.include({ rule })
    })
  }

  it('what nothing serves is told as a caller would be told', async () => {
    const { ask, call } = await start()
    expect((await ask({ model: 'slow', group: 'team' })).refusal.kind).to.equal('forbidden')
    expect((await ask({ model: 'x', group: 'nobody' })).refusal.kind).to.equal('not-found')
    expect((await call('POST', '/admin/explain', { group: 'team' })).status).to.equal(400)
  })
})
