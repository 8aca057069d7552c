import { expect } from 'chai'
import { ApiFailure } from '../../../protocols/ir/error.ts'
import type { Target } from '../../../src/providers/target.ts'
import { saveProvider } from '../../../src/registry/save-provider.ts'
import { createClosing } from '../../support/close-all.ts'
import { createRandom, glanceAt, openTestRegistry } from '../../support/registry.ts'

const OPENAI = { name: 'openai', api_key: 'sk-openai', models: ['gpt-4o', 'gpt-3.5-turbo', 'o1'] }
const ANTHROPIC = { name: 'anthropic', api_key: 'sk-ant', models: ['claude-opus-4-1'] }
const LOCAL = { name: 'local', api_base_url: 'http://127.0.0.1:8000/v1', models: ['llama', 'gpt-4o'] }
const PROVIDERS = [OPENAI, ANTHROPIC, LOCAL]

function names(targets: readonly Target[]): readonly string[] {
  return targets.map((target) => `${target.provider.name}/${target.model}`)
}

describe('resolveTargets', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function open(config: object, random?: () => number) {
    const { store, registry, apply } = await openTestRegistry(closing, { providers: PROVIDERS, ...config }, random)
    return {
      store,
      registry,
      apply,
      resolve: (model: string, group = 'default', needs = {}) =>
        registry.snapshot().resolveTargets(group, model, glanceAt(needs)).targets,
    }
  }

  function refuse(work: () => unknown, kind: string, message: RegExp): void {
    expect(work).to.throw(ApiFailure, message).with.nested.property('error.kind', kind)
  }

  describe('what a name means', () => {
    const ALIASES = {
      'gpt-4o': 'anthropic/claude-opus-4-1',
      '*': 'local/llama',
      'claude-*': 'openai/o1',
      'claude-opus-*': 'anthropic/claude-opus-4-1',
      'claude-?': 'openai/gpt-4o',
      'openai/g*': 'local/from-pattern',
      'claude-opus-4': 'local/exact',
    }
    const ROWS = [
      ['an exact alias goes before a listed model of the same name', 'gpt-4o', 'anthropic/claude-opus-4-1'],
      ['A067, lesson 20: an exact alias goes before every pattern', 'claude-opus-4', 'local/exact'],
      ['CS16, defect 8: the more specific pattern goes first', 'claude-opus-4-20250514', 'anthropic/claude-opus-4-1'],
      ['CS16: the less specific pattern takes the rest', 'claude-haiku', 'openai/o1'],
      ['a pattern for one character goes before one for many', 'claude-3', 'openai/gpt-4o'],
      ['A068: an exact alias is no prefix', 'gpt-4o-mini', 'local/llama'],
      ['A063: provider,model means just that', 'openai,gpt-3.5-turbo', 'openai/gpt-3.5-turbo'],
      ['A066: provider,model goes before every pattern', 'openai,g', 'openai/g'],
      ['A062: a model that is not listed can be named', 'openai,gpt-99', 'openai/gpt-99'],
      ['blanks around the comma do not count', ' openai , gpt-4o ', 'openai/gpt-4o'],
      ['provider/model goes before the catch-all', 'anthropic/claude-opus-4-1', 'anthropic/claude-opus-4-1'],
      ['a pattern may take names of that form', 'openai/gpt-4o', 'local/from-pattern'],
      ['a provider is found in any case', 'OpenAI/o1', 'openai/o1'],
      ['A037, trap 133: a model keeps its own slashes and colons', 'local/meta/llama:8b', 'local/meta/llama:8b'],
      ['A080, X10: anything else falls to the catch-all', 'whatever', 'local/llama'],
      ['a slash behind a name that is no provider is part of the model', 'meta/llama', 'local/llama'],
      ['an empty name falls to the catch-all too', '', 'local/llama'],
    ] as const
    for (const [title, model, expected] of ROWS) {
      it(`${title}: ${JSON.stringify(model)} is ${expected}`, async () => {
        const { resolve } = await open({ groups: { default: { aliases: ALIASES } } })
        expect(names(resolve(model))).to.deep.equal([expected])
      })
    }

    it('a listed model may be asked for by its bare name; where several list it, they stand in for each other', async () => {
      const { resolve } = await open({})
      expect(names(resolve('claude-opus-4-1'))).to.deep.equal(['anthropic/claude-opus-4-1'])
      expect(names(resolve('gpt-4o'))).to.deep.equal(['local/gpt-4o', 'openai/gpt-4o'])
    })

    it('a group that is not open knows its aliases only', async () => {
      const { resolve } = await open({ groups: { team: { aliases: { fast: 'openai/gpt-4o' } } } })
      expect(names(resolve('fast', 'team'))).to.deep.equal(['openai/gpt-4o'])
      for (const model of ['gpt-4o', 'openai/gpt-4o', 'openai,gpt-4o']) {
        refuse(() => resolve(model, 'team'), 'model-not-found', /has no model/)
      }
    })

    it('in a group that is not open a comma is a character like any other', async () => {
      const { resolve } = await open({ groups: { team: { aliases: { '*': 'local/llama' } } } })
      expect(names(resolve('openai,gpt-4o', 'team'))).to.deep.equal(['local/llama'])
      expect(names(resolve('openai/gpt-4o', 'team'))).to.deep.equal(['local/llama'])
    })

    it('an alias in one group is none in another', async () => {
      const { resolve } = await open({
        groups: { a: { aliases: { fast: 'openai/gpt-4o' } }, b: { open: true, aliases: { fast: 'local/llama' } } },
      })
      expect(names(resolve('fast', 'a'))).to.deep.equal(['openai/gpt-4o'])
      expect(names(resolve('fast', 'b'))).to.deep.equal(['local/llama'])
      refuse(() => resolve('fast'), 'model-not-found', /has no model "fast"/)
    })

    it('A202: provider,model of a provider that is gone is refused and falls to nobody else', async () => {
      const { resolve, store } = await open({ groups: { default: { aliases: { '*': 'local/llama' } } } })
      store.providers.delete('openai')
      refuse(() => resolve('openai,gpt-4o'), 'model-not-found', /has no model "openai,gpt-4o"/)
    })
  })

  describe('a provider that is named', () => {
    it('T11: and that there is not is told by its name, with the nearest', async () => {
      const { resolve } = await open({ groups: { default: { aliases: { '*': 'local/llama' } } } })
      refuse(() => resolve('opnai,gpt-4o'), 'model-not-found', /no provider "opnai"\. Did you mean "openai"\?/)
      refuse(() => resolve('zzzzzzzz,m'), 'model-not-found', /no provider "zzzzzzzz"\.$/)
    })

    for (const name of [',gpt-4', 'openai,', ' , ', ',']) {
      it(`T10: ${JSON.stringify(name)} names nothing and is a bad request`, async () => {
        const { resolve } = await open({ groups: { default: { aliases: { '*': 'local/llama' } } } })
        refuse(() => resolve(name), 'bad-request', /one of the two is empty/)
      })
    }
  })

  describe('the order of targets', () => {
    const target = (model: string, weight: number, priority = 0) => ({ provider: 'local', model, weight, priority })

    it('tries lower priorities first, whatever the weights', async () => {
      const targets = [target('c', 100, 2), target('a', 1, -1), target('b', 1, 1)]
      const { resolve } = await open({ groups: { g: { aliases: { m: targets } } } })
      for (let round = 0; round < 20; round += 1) {
        expect(names(resolve('m', 'g'))).to.deep.equal(['local/a', 'local/b', 'local/c'])
      }
    })

    it('gives the first place in proportion to the weights, and the second among those who are left', async () => {
      const targets = [target('a', 6), target('b', 3), target('c', 1), target('last', 50, 1)]
      const { resolve } = await open({ groups: { g: { aliases: { m: targets } } } }, createRandom(7))
      const rounds = 20_000
      const first = new Map<string, number>()
      const secondAfterA = new Map<string, number>()
      for (let round = 0; round < rounds; round += 1) {
        const [one = '', two = '', , four] = resolve('m', 'g').map((entry) => entry.model)
        first.set(one, (first.get(one) ?? 0) + 1)
        if (one === 'a') secondAfterA.set(two, (secondAfterA.get(two) ?? 0) + 1)
        expect(four).to.equal('last')
      }
      expect((first.get('a') ?? 0) / rounds).to.be.closeTo(0.6, 0.015)
      expect((first.get('b') ?? 0) / rounds).to.be.closeTo(0.3, 0.015)
      expect((first.get('c') ?? 0) / rounds).to.be.closeTo(0.1, 0.015)
      expect((secondAfterA.get('b') ?? 0) / (first.get('a') ?? 1)).to.be.closeTo(0.75, 0.02)
    })

    it('holds at the edges of what random may return', async () => {
      for (const edge of [0, 1 - 2 ** -53]) {
        const { resolve } = await open(
          { groups: { g: { aliases: { m: [target('a', 1), target('b', 9)] } } } },
          () => edge,
        )
        expect([...names(resolve('m', 'g'))].sort()).to.deep.equal(['local/a', 'local/b'])
      }
    })

    it('E023: gives one entry per key, beginning with another key every time', async () => {
      const { resolve } = await open({ providers: [{ name: 'openai', api_keys: ['k1', 'k2', 'k3'], models: ['m'] }] })
      const rounds = [0, 1, 2, 3].map(() => resolve('m').map((entry) => entry.key?.secret))
      expect(rounds).to.deep.equal([
        ['k1', 'k2', 'k3'],
        ['k2', 'k3', 'k1'],
        ['k3', 'k1', 'k2'],
        ['k1', 'k2', 'k3'],
      ])
    })

    it('lesson 17: a key that is added or goes meanwhile disturbs nothing that was resolved before', async () => {
      const { resolve, store, apply } = await open({
        providers: [{ name: 'openai', api_keys: ['k1', 'k2'], models: ['m'] }],
      })
      const before = resolve('m')
      apply({ providers: [{ name: 'openai', api_keys: ['k2', 'k9'], models: ['m'] }] })
      expect(before.map((entry) => entry.key?.secret)).to.deep.equal(['k1', 'k2'])
      const after = resolve('m').map((entry) => entry.key?.secret)
      expect([...after].sort()).to.deep.equal(['k2', 'k9'])
      expect(store.providerKeys.list()).to.have.lengthOf(2)
    })

    it('lesson 18: many keys do not make a target heavier', async () => {
      const { resolve } = await open(
        {
          providers: [{ name: 'openai', api_keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'] }, LOCAL],
          groups: { g: { aliases: { m: ['openai/a', 'local/b'] } } },
        },
        createRandom(3),
      )
      let first = 0
      for (let round = 0; round < 4000; round += 1) if (resolve('m', 'g')[0]?.model === 'a') first += 1
      expect(first / 4000).to.be.closeTo(0.5, 0.03)
    })

    it('A059, CS18: a provider that needs no key has one entry without one', async () => {
      const { resolve } = await open({ providers: [{ name: 'ollama', models: ['llama3.2:3b'] }] })
      const [entry, ...rest] = resolve('llama3.2:3b')
      expect(rest).to.deep.equal([])
      expect(entry?.provider.baseUrl).to.equal('http://127.0.0.1:11434/v1')
      expect(entry).to.not.have.property('key')
    })

    it('hands parameters and facts along', async () => {
      const { resolve } = await open({
        groups: {
          g: { aliases: { m: { provider: 'openai', model: 'gpt-4o', parameters: { temperature: 0, max_tokens: 7 } } } },
        },
      })
      const [entry] = resolve('m', 'g')
      expect(entry?.parameters).to.deep.equal({ temperature: 0, maxOutputTokens: 7 })
      expect(entry?.facts).to.include({ contextTokens: 128_000, maxOutputTokens: 16_384, developerRole: true })
      expect(resolve('openai/gpt-4o')[0]).to.not.have.property('parameters')
    })
  })

  describe('facts', () => {
    it('A152: DeepSeek writes at most 8192 tokens, also under a name that nobody knows', async () => {
      const { resolve } = await open({ providers: [{ name: 'deepseek', api_key: 'k', models: ['deepseek-chat'] }] })
      expect(resolve('deepseek-chat')[0]?.facts.maxOutputTokens).to.equal(8192)
      expect(resolve('deepseek/something-new')[0]?.facts.maxOutputTokens).to.equal(8192)
    })

    it('what is configured of a model goes before what is known of it', async () => {
      const { resolve } = await open({
        providers: [
          {
            name: 'anthropic',
            api_key: 'k',
            models: [
              {
                name: 'claude-3-opus-20240229',
                max_output_tokens: 1000,
                context_tokens: 5,
                capabilities: { images: false },
              },
            ],
          },
        ],
      })
      const facts = resolve('claude-3-opus-20240229')[0]?.facts
      expect(facts).to.deep.include({ maxOutputTokens: 1000, contextTokens: 5, issuer: 'anthropic' })
      expect(facts?.capabilities).to.deep.equal({ tools: true, images: false, reasoning: false })
      expect(facts?.defaultMaxOutputTokens, 'trap 114: never above the limit').to.equal(1000)
    })
  })

  describe('what a request needs', () => {
    it('trap 157: a target that is known not to take images is left out', async () => {
      const { resolve } = await open({ groups: { g: { aliases: { m: ['openai/gpt-3.5-turbo', 'openai/gpt-4o'] } } } })
      for (let round = 0; round < 10; round += 1) {
        expect(names(resolve('m', 'g', { images: true }))).to.deep.equal(['openai/gpt-4o'])
      }
      expect(resolve('m', 'g')).to.have.lengthOf(2)
    })

    it('trap 157: where none is left, the answer says who cannot do what', async () => {
      const { resolve } = await open({})
      refuse(
        () => resolve('gpt-3.5-turbo', 'default', { images: true }),
        'bad-request',
        /openai\/gpt-3\.5-turbo cannot take images/,
      )
    })

    it('a capability that nobody knows is tried', async () => {
      const { resolve } = await open({})
      expect(names(resolve('llama', 'default', { images: true, tools: true, audio: true, files: true }))).to.deep.equal(
        ['local/llama'],
      )
    })

    it('a model without tools serves them by prompt, where none of the others has them and the group does not forbid it', async () => {
      const models = [{ name: 'plain', capabilities: { tools: false } }, 'other']
      const providers = [{ name: 'local', api_base_url: 'http://127.0.0.1:1', models }]
      const aliases = { m: 'local/plain', both: ['local/plain', 'local/other'] }
      const { resolve } = await open({
        providers,
        groups: { a: { aliases }, b: { aliases, tool_mode: 'compat' }, c: { aliases, tool_mode: 'native' } },
      })
      refuse(() => resolve('m', 'c', { tools: true }), 'bad-request', /cannot call tools/)
      expect(names(resolve('m', 'a', { tools: true }))).to.deep.equal(['local/plain'])
      expect(names(resolve('m', 'b', { tools: true }))).to.deep.equal(['local/plain'])
      expect(names(resolve('both', 'a', { tools: true }))).to.deep.equal(['local/other'])
      expect(names(resolve('both', 'b', { tools: true }))).to.have.length(2)
    })
  })

  describe('what cannot be served', () => {
    it('A192, A201: a disabled provider is never called, and the answer names it', async () => {
      const { resolve, store } = await open({
        groups: { default: { aliases: { fast: 'openai/gpt-4o', '*': 'local/llama' } } },
      })
      saveProvider(store, { name: 'openai', enabled: false }, false)
      refuse(() => resolve('fast'), 'unavailable', /alias fast.*provider openai is disabled/)
      refuse(() => resolve('openai,gpt-4o'), 'unavailable', /provider openai is disabled/)
      expect(names(resolve('something')), 'others are served').to.deep.equal(['local/llama'])
    })

    it('a disabled provider is passed over where there is another target', async () => {
      const { resolve, store } = await open({ groups: { g: { aliases: { m: ['openai/gpt-4o', 'local/llama'] } } } })
      saveProvider(store, { name: 'openai', enabled: false }, false)
      for (let round = 0; round < 10; round += 1) expect(names(resolve('m', 'g'))).to.deep.equal(['local/llama'])
    })

    it('a provider whose own server wants a key is not called without one, and the answer says what to set', async () => {
      const { resolve } = await open({ providers: [{ name: 'openai' }] })
      refuse(() => resolve('openai/gpt-4o'), 'unavailable', /openai has no key: set OPENAI_API_KEY or api_key/)
    })

    it('under the name of a vendor, a server of one’s own may do without a key', async () => {
      const { resolve } = await open({ providers: [{ name: 'openai', api_base_url: 'http://127.0.0.1:9/v1' }] })
      expect(resolve('openai/gpt-4o')[0]).to.not.have.property('key')
    })

    it('lesson 19: an alias whose provider was deleted says so and leads nowhere else', async () => {
      const { resolve, store } = await open({
        groups: { default: { aliases: { fast: 'openai/gpt-4o', '*': 'local/llama' } } },
      })
      store.providers.delete('openai')
      refuse(() => resolve('fast'), 'unavailable', /providers of its targets were deleted/)
    })

    it('a disabled model is not found by its bare name', async () => {
      const models = ['a', { name: 'b', enabled: false }]
      const { resolve } = await open({ providers: [{ name: 'local', api_base_url: 'http://127.0.0.1:1', models }] })
      expect(names(resolve('a'))).to.deep.equal(['local/a'])
      refuse(() => resolve('b'), 'model-not-found', /has no model "b"/)
    })

    it('defect 25: a disabled group is refused, and the answer says that it is disabled', async () => {
      const { resolve, registry } = await open({
        groups: { team: { enabled: false, aliases: { fast: 'openai/gpt-4o' } } },
      })
      refuse(() => resolve('fast', 'team'), 'not-found', /"team" is disabled/)
      refuse(() => registry.snapshot().listModels('team') as never, 'not-found', /"team" is disabled/)
      expect(registry.snapshot().findGroup('team')).to.include({ name: 'team', enabled: false })
    })

    it('an unknown group is refused with the nearest name, and never with an empty list (defect 18)', async () => {
      const { resolve, registry } = await open({ groups: { research: {} } })
      refuse(() => resolve('x', 'reserch'), 'not-found', /no group "reserch"\. Did you mean "research"\?/)
      refuse(() => registry.snapshot().listModels('nowhere') as never, 'not-found', /no group "nowhere"/)
    })

    it('an unknown model is refused with the nearest names and how to list them', async () => {
      const { resolve } = await open({
        groups: { team: { aliases: { 'claude-opus': 'openai/o1', 'gpt-fast': 'openai/o1' } } },
      })
      refuse(
        () => resolve('claude-opsu', 'team'),
        'model-not-found',
        /Did you mean "claude-opus"\? GET \/team\/v1\/models/,
      )
      refuse(() => resolve('nothing-like-it', 'team'), 'model-not-found', /"nothing-like-it"\. GET \/team\/v1\/models/)
      refuse(() => resolve('gpt4o'), 'model-not-found', /GET \/v1\/models/)
    })

    it('an empty group says how it is filled', async () => {
      const { resolve } = await open({ providers: [{ name: 'openai' }], groups: { team: {} } })
      refuse(() => resolve('m', 'team'), 'model-not-found', /no models yet.*PUT \/admin\/groups\/team\/aliases/)
      refuse(() => resolve('m'), 'model-not-found', /no models yet.*POST \/providers/)
    })

    it('S9: the message repeats no control characters and no more than a hundred characters of a name', async () => {
      const { resolve } = await open({})
      let message = ''
      try {
        resolve(`\u001b[31m${'x'.repeat(100_000)}`)
      } catch (error) {
        message = (error as Error).message
      }
      expect(message).to.match(/has no model "\ufffd\[31mx+…"/)
      expect(message.length).to.be.lessThan(300)
      expect(message).to.not.contain('\u001b')
    })

    it('names that every object has are nothing special', async () => {
      const { resolve, registry } = await open({})
      for (const name of ['__proto__', 'constructor', 'toString', '__proto__/x', 'constructor,x']) {
        refuse(() => resolve(name), 'model-not-found', /has no model/)
        expect(registry.snapshot().findGroup(name)).to.equal(undefined)
      }
    })
  })
})
