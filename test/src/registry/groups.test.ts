import { expect } from 'chai'
import { ApiFailure } from '../../../protocols/ir/error.ts'
import { RegistryFault } from '../../../src/registry/registry-fault.ts'
import type { RoutingFacts } from '../../../src/registry/snapshot.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { createClosing } from '../../support/close-all.ts'
import { glanceAt, openTestRegistry } from '../../support/registry.ts'

const PROVIDERS = [
  { name: 'openai', api_key: 'k', models: ['gpt-4o', 'claude-x@20250101'] },
  { name: 'local', api_base_url: 'http://127.0.0.1:8000/v1', models: ['llama'] },
]

describe('groups', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function open(groups: object) {
    const test = await openTestRegistry(closing, { providers: PROVIDERS, groups })
    const resolve = (group: string, model: string, facts?: RoutingFacts) => {
      const { targets, ...rest } = test.registry.snapshot().resolveTargets(group, model, glanceAt(), facts)
      const [first] = targets
      return { ...rest, group: rest.group.name, target: `${first?.provider.name}/${first?.model}` }
    }
    return { ...test, resolve }
  }

  function refuse(work: () => unknown, kind: string, message: RegExp): void {
    expect(work).to.throw(ApiFailure, message).with.nested.property('error.kind', kind)
  }

  describe('CS15: group@model', () => {
    const GROUPS = {
      team: { aliases: { fast: 'local/llama', 'at@home': 'local/at-home' } },
      open: { open: true, routes: { default: { provider: 'local', model: 'open-default' } } },
      off: { enabled: false, aliases: { fast: 'local/off' } },
      'claude-x': { aliases: { '*': 'local/torn' } },
      default: { aliases: { '*': 'openai/default', 'exact@x': 'openai/exact', 'wild@*': 'openai/wild' } },
    }

    it('goes to that group, whose rules hold from then on', async () => {
      const { resolve } = await open(GROUPS)
      expect(resolve('default', 'team@fast')).to.deep.equal({
        group: 'team',
        model: 'fast',
        rule: 'alias',
        title: 'alias fast',
        target: 'local/llama',
      })
      expect(resolve('default', 'team@at@home').target, 'only the first sign counts').to.equal('local/at-home')
      expect(resolve('default', 'open@anything')).to.deep.include({ rule: 'default', target: 'local/open-default' })
      expect(resolve('default', 'open@openai,gpt-4o')).to.deep.include({
        rule: 'provider-model',
        target: 'openai/gpt-4o',
      })
      expect(resolve('claude-x', 'open@openai/gpt-4o').group).to.equal('open')
    })

    it('never takes a model away that is really called so', async () => {
      const { resolve } = await open({
        ...GROUPS,
        exact: { aliases: { '*': 'local/torn' } },
        wild: { aliases: { '*': 'local/torn' } },
      })
      expect(resolve('default', 'claude-x@20250101'), 'listed by a provider').to.deep.include({
        group: 'default',
        model: 'claude-x@20250101',
        target: 'openai/default',
      })
      expect(resolve('default', 'exact@x').target, 'an alias').to.equal('openai/exact')
      expect(resolve('default', 'wild@1').target, 'a pattern').to.equal('openai/wild')
      expect(resolve('default', 'openai/gpt@1').target, 'with its provider').to.equal('openai/gpt@1')
      expect(resolve('default', 'openai,team@fast').target).to.equal('openai/team@fast')
      expect(resolve('default', 'gpt@2025').target, 'no group is called so').to.equal('openai/default')
    })

    it('is held within what the caller may use, as if there were no other group', async () => {
      const { resolve } = await open(GROUPS)
      const facts = { mayUse: (group: string) => group !== 'team' }
      expect(resolve('default', 'team@fast', facts)).to.deep.include({ group: 'default', target: 'openai/default' })
      expect(resolve('default', 'open@x', facts).group).to.equal('open')
      refuse(
        () => resolve('team', 'open@x', { mayUse: () => false }),
        'model-not-found',
        /"team" has no model "open@x"/,
      )
    })

    it('leads to no group that is disabled, and no further than one step', async () => {
      const { resolve } = await open(GROUPS)
      expect(resolve('default', 'off@fast').target).to.equal('openai/default')
      refuse(() => resolve('default', 'team@open@x'), 'model-not-found', /"team" has no model "open@x"/)
    })

    it('says which group has no such model', async () => {
      const { resolve } = await open(GROUPS)
      refuse(
        () => resolve('default', 'team@fsat'),
        'model-not-found',
        /"team" has no model "fsat". Did you mean "fast"\?/,
      )
    })
  })

  describe('allowed models', () => {
    const GROUPS = {
      team: {
        open: true,
        models: ['gpt-*', 'fast', 'local/llama'],
        aliases: { fast: 'local/llama', slow: 'local/llama' },
      },
      none: { open: true, models: [] },
    }

    it('are those whose name is asked for; all others are refused, whatever would serve them', async () => {
      const { resolve } = await open(GROUPS)
      expect(resolve('team', 'fast').target).to.equal('local/llama')
      expect(resolve('team', 'gpt-4o').target).to.equal('openai/gpt-4o')
      expect(resolve('team', 'local/llama').target).to.equal('local/llama')
      for (const name of ['slow', 'llama', 'openai,gpt-4o', 'local,llama', '']) {
        refuse(() => resolve('team', name), 'forbidden', /"team" does not allow the model/)
      }
      refuse(() => resolve('none', 'gpt-4o'), 'forbidden', /"none" does not allow/)
    })

    it('are all that lists of models tell', async () => {
      const { registry } = await open(GROUPS)
      const ids = (group: string) =>
        registry
          .snapshot()
          .listModels(group)
          .map((entry) => entry.id)
      expect(ids('team')).to.deep.equal(['fast', 'local/llama'])
      expect(ids('none')).to.deep.equal([])
    })

    it('hold for group@model in both groups', async () => {
      const { resolve } = await open({ ...GROUPS, out: { open: true, models: ['team@*'] } })
      expect(resolve('default', 'team@fast').group).to.equal('team')
      refuse(() => resolve('default', 'team@slow'), 'forbidden', /"team" does not allow the model "slow"/)
      refuse(() => resolve('team', 'out@team@fast'), 'forbidden', /"team" does not allow/)
      expect(resolve('out', 'team@fast').group).to.equal('team')
    })
  })

  describe('policies', () => {
    const WRITTEN = {
      models: ['gpt-*'],
      strategy: 'sticky',
      parameters: { temperature: 0.5 },
      prompt: { mode: 'replace', position: 'user', text: 'Say less.', models: ['gpt-*'] },
      prompt_replacements: [{ find: 'a', replace: 'b' }],
      tool_filter: ['Bash*'],
      temperature_ratio: 0.5,
      max_context_tokens: 1000,
      invalid_tool_calls: 'pass',
      body_parameters: { enable_thinking: false },
      headers: { 'X-Team': 'canary-header-value' },
    }

    it('are what the file says, in the words of the program, and come back after a restart', async () => {
      const { registry, store } = await open({ team: WRITTEN })
      const expected = {
        allowedModels: ['gpt-*'],
        strategy: 'sticky',
        parameters: { temperature: 0.5 },
        prompt: { mode: 'replace', position: 'user', text: 'Say less.', models: ['gpt-*'] },
        promptReplacements: [{ find: 'a', replace: 'b' }],
        toolFilter: ['Bash*'],
        temperatureRatio: 0.5,
        maxContextTokens: 1000,
        invalidToolCalls: 'pass',
        bodyParameters: { enable_thinking: false },
        headers: { 'x-team': 'canary-header-value' },
      }
      expect(registry.snapshot().findGroup('team')?.policy).to.deep.equal(expected)
      const again = closing.add(openStore({ file: store.file }), (opened) => opened.close())
      expect(again.groups.find('team')?.policy).to.deep.equal({
        ...WRITTEN,
        headers: { 'x-team': 'canary-header-value' },
      })
    })

    it('are empty where nothing is said', async () => {
      const { registry } = await open({ team: {} })
      expect(registry.snapshot().findGroup('team')?.policy).to.deep.equal({})
      expect(registry.snapshot().findGroup('default')?.policy).to.deep.equal({})
    })

    it('are refused when a row holds one that could not be served', async () => {
      const { store } = await open({})
      const row = { name: 'x', description: '', enabled: true, open: false, toolMode: 'auto' }
      expect(() => store.groups.save({ ...row, policy: { temperature_ratio: -1 } })).to.throw(
        RegistryFault,
        /groups\.x\.temperature_ratio/,
      )
      expect(store.groups.find('x')).to.equal(undefined)
    })
  })

  describe('tools', () => {
    it('in compat mode any model may be asked to call them, unless the group is native', async () => {
      const models = [{ name: 'plain', capabilities: { tools: false } }]
      const { registry } = await openTestRegistry(closing, {
        providers: [{ name: 'local', api_base_url: 'http://127.0.0.1:1', models }],
        groups: {
          auto: { open: true },
          native: { open: true, tool_mode: 'native' },
          prompted: { open: true, tool_mode: 'compat' },
        },
      })
      const serves = (group: string, compat: boolean) => () =>
        registry.snapshot().resolveTargets(group, 'plain', glanceAt({ tools: true }), { compat })
      expect(serves('auto', true)).to.not.throw()
      expect(serves('auto', false)).to.not.throw()
      expect(serves('prompted', false)).to.not.throw()
      for (const no of [serves('native', false), serves('native', true)]) {
        refuse(no, 'bad-request', /cannot call tools/)
      }
    })
  })
})
