// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a file names a variable of the environment
import { expect } from 'chai'
import { ConfigFault } from '../../../../src/config/config-fault.ts'
import { importLiteLlm } from '../../../../src/config/import/litellm.ts'
import { parseConfig } from '../../../../src/config/load-config.ts'

const CONFIG = `
model_list:
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY, weight: 3, temperature: 0.2 }
  - model_name: gpt-4o
    litellm_params:
      model: azure/gpt-4o-eu
      api_base: https://eu.openai.azure.com/
      api_key: os.environ/AZURE_KEY
      api_version: "2024-02-01"
      rpm: 6
  - model_name: claude
    litellm_params: { model: claude-sonnet-4, api_key: sk-ant-1 }
  - model_name: claude
    litellm_params: { model: anthropic/claude-sonnet-4, api_key: sk-ant-2, order: 2 }
  - model_name: local
    litellm_params: { model: openai/qwen3, api_base: "http://127.0.0.1:8000/v1/chat/completions" }
  - model_name: slash
    litellm_params: { model: openrouter/meta-llama/llama-3.1 }
  - model_name: "openai/*"
    litellm_params: { model: "openai/*", api_key: os.environ/OPENAI_API_KEY }
  - model_name: "*"
    litellm_params: { model: "*" }
  - model_name: aws
    litellm_params: { model: bedrock/anthropic.claude-v2 }
litellm_settings:
  drop_params: true
  num_retries: 2
  request_timeout: 600
  fallbacks: [{ gpt-4o: [claude] }]
  default_fallbacks: [local]
  success_callback: [langfuse]
router_settings:
  routing_strategy: least-busy
  model_group_alias: { gpt-4: gpt-4o, hidden: { model: claude, hidden: true }, lost: nobody }
  allowed_fails: 3
  cooldown_time: 30
  redis_host: localhost
general_settings: { master_key: os.environ/MASTER_KEY, database_url: "postgres://canary" }
environment_variables: { X: "1" }
`

describe('importLiteLlm', () => {
  const { written, left } = importLiteLlm('config.yaml', CONFIG)
  const environment = { OPENAI_API_KEY: 'sk-o', AZURE_KEY: 'az', MASTER_KEY: 'mk' }
  const { config, warnings } = parseConfig('c.json', JSON.stringify(written), environment)
  const aliases = config.groups[0]?.aliases
  const targetsOf = (name: string): readonly unknown[] =>
    (aliases?.get(name) ?? []).map(({ provider, model, priority, weight }) => [provider, model, priority, weight])

  it('what comes of it is a configuration of ours, whose every key is known', () => {
    expect(warnings).to.deep.equal([])
    expect(config.apiKey).to.equal('mk')
    expect(config.groups.map(({ name, policy }) => [name, policy])).to.deep.equal([
      ['default', { strategy: 'least-busy' }],
    ])
  })

  it('each provider, address and key is one provider', () => {
    expect(
      config.providers.map(({ name, keys, baseUrl, models }) => [name, keys, baseUrl, models?.map((one) => one.name)]),
    ).to.deep.equal([
      ['openai', ['sk-o'], undefined, ['gpt-4o']],
      ['azure', ['az'], 'https://eu.openai.azure.com/openai/v1', ['gpt-4o-eu']],
      ['anthropic', ['sk-ant-1'], undefined, ['claude-sonnet-4']],
      ['anthropic-2', ['sk-ant-2'], undefined, ['claude-sonnet-4']],
      ['openai-like', undefined, 'http://127.0.0.1:8000/v1', ['qwen3']],
      ['openrouter', undefined, undefined, ['meta-llama/llama-3.1']],
    ])
  })

  it('models of one name share its requests, and fallbacks come behind all of them', () => {
    expect(targetsOf('gpt-4o')).to.deep.equal([
      ['openai', 'gpt-4o', 0, 3],
      ['azure', 'gpt-4o-eu', 0, 1],
      ['anthropic', 'claude-sonnet-4', 1, 1],
      ['anthropic-2', 'claude-sonnet-4', 3, 1],
    ])
    expect(targetsOf('claude')).to.deep.equal([
      ['anthropic', 'claude-sonnet-4', 0, 1],
      ['anthropic-2', 'claude-sonnet-4', 2, 1],
      ['openai-like', 'qwen3', 3, 1],
    ])
    expect(aliases?.get('gpt-4o')?.[0]?.parameters).to.deep.equal({ temperature: 0.2 })
  })

  it('other names of a model lead to the same targets, and what falls back by default does so for them too', () => {
    expect(targetsOf('gpt-4').slice(0, 2)).to.deep.equal(targetsOf('gpt-4o').slice(0, 2))
    expect(targetsOf('hidden')).to.deep.equal(targetsOf('claude'))
    expect(targetsOf('local'), 'none falls back to itself').to.have.lengthOf(1)
  })

  it('retries, times and cooldown keep their meaning', () => {
    expect(config.retry.attempts).to.equal(3)
    expect(config.timeouts.requestMs).to.equal(600_000)
    expect(config.breaker).to.include({ threshold: 4, timeoutMs: 30_000 })
  })

  it('what could not be carried is listed at its place, without its value', () => {
    expect(left.map(({ path }) => path)).to.have.members([
      'model_list.1.litellm_params.api_version',
      'model_list.1.litellm_params.rpm',
      'model_list.7',
      'model_list.8',
      'model_group_alias.lost',
      'litellm_settings.success_callback',
      'router_settings.redis_host',
      'general_settings.database_url',
      'environment_variables',
    ])
    expect(JSON.stringify(left)).to.not.contain('canary')
  })

  it('a strategy of its own that there is not is told', () => {
    const told = importLiteLlm('c.yaml', 'router_settings: { routing_strategy: latency-based-routing }').left
    expect(told).to.deep.equal([
      { path: 'router_settings.routing_strategy', reason: 'is no strategy that there is here' },
    ])
  })

  it('a fallback of or to a name that is not in the list is told', () => {
    const text =
      'model_list: [{ model_name: a, litellm_params: { model: openai/x } }]\nlitellm_settings: { fallbacks: [{ a: [b] }, { c: [a] }] }'
    expect(importLiteLlm('c.yaml', text).left.map(({ path }) => path)).to.deep.equal(['fallbacks.0', 'fallbacks.1'])
  })

  it('what only looks like a variable of ours stays what it is', () => {
    const text = 'model_list: [{ model_name: a, litellm_params: { model: "openai/${x}", api_key: "k${HOME}" } }]'
    const { written: ours } = importLiteLlm('c.yaml', text)
    expect(parseConfig('c.json', JSON.stringify(ours), {}).config.providers[0]?.keys).to.deep.equal(['k${HOME}'])
  })

  it('text that is no YAML is refused with its place', () => {
    expect(() => importLiteLlm('c.yaml', 'model_list: [')).to.throw(ConfigFault, /c\.yaml:1:/)
  })
})
