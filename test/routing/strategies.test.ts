/** How several targets and keys take turns, counted at the providers. */
import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { defer } from '../support/deferred.ts'
import type { FakeProvider } from '../support/fake-provider.ts'
import { openaiError, openaiFrames } from '../support/openai-fake.ts'
import { HELLO } from '../support/said.ts'
import { startBackEnds } from './back-ends.ts'

const TARGETS = [
  { provider: 'one', model: 'm' },
  { provider: 'two', model: 'm' },
]
const PROVIDERS = [
  { name: 'one', protocol: 'openai-chat', api_key: undefined, api_keys: ['sk-one-a', 'sk-one-b'] },
  { name: 'two', protocol: 'openai-chat', api_keys: ['sk-two-a'], api_key: undefined },
]

describe('strategies, counted at the providers', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(strategy: string, targets: readonly object[] = TARGETS, providers = PROVIDERS) {
    const groups = { team: { strategy, aliases: { m: targets } } }
    const { gateway, fakes } = await startBackEnds(closing, { providers, groups })
    const ask = async (content: unknown = 'x', more: object = {}) => {
      const answer = await fetch(`${gateway.url}/team/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], ...more }),
      })
      const text = await answer.text()
      return { status: answer.status, provider: answer.headers.get('x-provider'), text }
    }
    const [one, two] = [fakes['one'], fakes['two']] as [FakeProvider, FakeProvider]
    return { one, two, ask }
  }

  const countKeys = (...fakes: FakeProvider[]): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const { headers } of fakes.flatMap((fake) => fake.requests)) {
      const key = String(headers.authorization).replace('Bearer ', '')
      counts[key] = (counts[key] ?? 0) + 1
    }
    return counts
  }

  it('weighted: targets are asked in proportion to their weights, and the keys of one take turns', async () => {
    const { one, two, ask } = await start('weighted', [
      { provider: 'one', model: 'm', weight: 3 },
      { provider: 'two', model: 'm', weight: 1 },
    ])
    for (let call = 0; call < 100; call += 1) await ask()
    // By chance: outside of these once in a hundred million runs.
    expect(two.requests.length).to.be.within(1, 49)
    expect(one.requests.length + two.requests.length).to.equal(100)
    const { 'sk-one-a': first = 0, 'sk-one-b': second = 0 } = countKeys(one)
    expect(Math.min(first, second)).to.be.at.least(10)
  })

  it('round-robin: each key has the same share', async () => {
    const { one, two, ask } = await start('round-robin')
    for (let call = 0; call < 30; call += 1) await ask()
    expect(countKeys(one, two)).to.deep.equal({ 'sk-one-a': 10, 'sk-one-b': 10, 'sk-two-a': 10 })
  })

  it('priority: the first is asked as long as it answers, and only then the second', async () => {
    const { one, two, ask } = await start('priority')
    for (let call = 0; call < 10; call += 1) expect((await ask()).provider).to.equal('one')
    expect(two.requests).to.have.length(0)
    const keys = PROVIDERS[0]?.api_keys.length ?? 0
    one.queue(...Array.from({ length: keys }, () => openaiError(500, 'down')))
    expect((await ask()).provider, 'behind both keys of the first').to.equal('two')
    expect(one.requests).to.have.length(10 + keys)
    expect((await ask()).provider).to.equal('one')
  })

  it('least-busy: whoever is still answering is spared', async () => {
    const { one, two, ask } = await start('least-busy')
    const end = defer()
    const frames = openaiFrames(HELLO)
    const slow = {
      kind: 'stream',
      headers: { 'content-type': 'text/event-stream' },
      steps: [...frames.slice(0, 2), end.promise, ...frames.slice(2)],
    } as const
    one.queue(slow)
    two.queue(slow)
    const first = ask('x', { stream: true })
    const busy = await Promise.race([one.request(0).then(() => one), two.request(0).then(() => two)])
    const idle = busy === one ? two : one
    const second = ask('x', { stream: true })
    await idle.request(0)
    end.resolve()
    expect([(await first).provider, (await second).provider]).to.have.members(['one', 'two'])
    expect([one.requests.length, two.requests.length]).to.deep.equal([1, 1])
  })

  it('sticky: a conversation stays with its target and key, and conversations spread', async () => {
    const { one, two, ask } = await start('sticky')
    for (let talk = 0; talk < 20; talk += 1) {
      const opening = { role: 'user', content: `talk ${talk}` }
      const before = countKeys(one, two)
      for (let turn = 0; turn < 3; turn += 1) {
        const rest = Array.from({ length: turn }, () => [
          { role: 'assistant', content: 'yes' },
          { role: 'user', content: 'go on' },
        ])
        await ask('', { messages: [opening, ...rest.flat()] })
      }
      const after = countKeys(one, two)
      const grown = Object.keys(after).filter((key) => after[key] !== before[key])
      expect(grown, `talk ${talk}`).to.have.length(1)
    }
    expect(one.requests.length).to.be.greaterThan(0)
    expect(two.requests.length).to.be.greaterThan(0)
  })

  describe('what a target is known not to take', () => {
    const IMAGE = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }]
    const blind = PROVIDERS.map((provider) => ({
      ...provider,
      models: [{ name: 'm', capabilities: { images: provider.name === 'two', tools: true } }],
    }))

    it('is not asked of it, not even when the others fail', async () => {
      const { one, two, ask } = await start('priority', TARGETS, blind)
      expect((await ask()).provider).to.equal('one')
      expect((await ask(IMAGE)).provider).to.equal('two')
      two.queue(openaiError(500, 'down'))
      const failed = await ask(IMAGE)
      expect([failed.status, failed.provider]).to.deep.equal([502, 'two'])
      expect(one.requests).to.have.length(1)
    })

    it('is refused, with the reason, where there is no other', async () => {
      const { one, ask } = await start('priority', TARGETS.slice(0, 1), blind)
      const refused = await ask(IMAGE)
      expect(refused.status).to.equal(400)
      expect(refused.text).to.contain('one/m cannot take images')
      expect(one.requests).to.have.length(0)
    })
  })
})
