// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how a file names a variable of the environment
import { expect } from 'chai'
import fc from 'fast-check'
import { ConfigFault } from '../../../../src/config/config-fault.ts'
import { importClaudeCodeRouter } from '../../../../src/config/import/claude-code-router.ts'
import { parseConfig } from '../../../../src/config/load-config.ts'

const CONFIG = `{
  // a router with all that people use
  "APIKEY": "secret", "HOST": "0.0.0.0", "PORT": 3457, "LOG": true, "LOG_LEVEL": "debug",
  "PROXY_URL": "http://127.0.0.1:7890", "API_TIMEOUT_MS": "600000", "NON_INTERACTIVE_MODE": false,
  "transformers": [{ "path": "/x/y.js" }],
  "Providers": [
    { "name": "openrouter", "api_base_url": "https://openrouter.ai/api/v1/chat/completions", "api_key": "$OPENROUTER_API_KEY",
      "models": ["google/gemini-2.5-pro", "anthropic/claude-sonnet-4"], "transformer": { "use": ["openrouter"] } },
    { "name": "deepseek", "api_base_url": "https://api.deepseek.com/chat/completions", "api_key": "\${DEEPSEEK_KEY}",
      "models": ["deepseek-chat", "deepseek-reasoner"],
      "transformer": { "use": ["deepseek"], "deepseek-chat": { "use": ["tooluse", ["maxtoken", { "max_tokens": 8000 }]] } } },
    { "name": "gemini", "api_base_url": "https://generativelanguage.googleapis.com/v1beta/models/", "api_key": "AI",
      "models": ["gemini-2.5-flash"], "transformer": { "use": ["gemini", ["maxtoken", { "max_tokens": 65536 }]] } },
    { "name": "anthro", "api_base_url": "https://example.test", "api_key": "k", "models": [], "transformer": { "use": ["Anthropic"] } },
    { "api_key": "nameless" }
  ],
  "Router": {
    "default": "deepseek,deepseek-chat", "background": "openrouter,google/gemini-2.5-pro", "think": "deepseek,deepseek-reasoner",
    "longContext": "gemini,gemini-2.5-flash", "longContextThreshold": 80000, "webSearch": "gemini,gemini-2.5-flash"
  },
  "fallback": { "default": ["openrouter,anthropic/claude-sonnet-4", "nonsense"], "image": ["a,b"] },
}`

describe('importClaudeCodeRouter', () => {
  const { written, left } = importClaudeCodeRouter('config.json', CONFIG)

  it('what comes of it is a configuration of ours, whose every key is known', () => {
    const environment = { OPENROUTER_API_KEY: 'sk-or', DEEPSEEK_KEY: 'sk-d' }
    const { config, warnings } = parseConfig('c.json', JSON.stringify(written), environment)
    expect(warnings.filter(({ problem }) => problem.includes('no known setting'))).to.deep.equal([])
    expect(config.providers.map(({ name, keys }) => [name, keys])).to.deep.equal([
      ['openrouter', ['sk-or']],
      ['deepseek', ['sk-d']],
      ['gemini', ['AI']],
      ['anthro', ['k']],
    ])
    const routes = config.groups[0]?.routes
    expect([...(routes?.keys() ?? [])]).to.have.members(['default', 'background', 'think', 'longContext'])
    expect(routes?.get('default')?.map(({ provider, model }) => `${provider},${model}`)).to.deep.equal([
      'deepseek,deepseek-chat',
      'openrouter,anthropic/claude-sonnet-4',
    ])
  })

  it('endpoints are taken off the base URLs, and tell the protocol', () => {
    const places = written.providers?.map(({ api_base_url, protocol }) => [api_base_url, protocol])
    expect(places).to.deep.equal([
      ['https://openrouter.ai/api/v1', 'openai-chat'],
      ['https://api.deepseek.com', 'openai-chat'],
      ['https://generativelanguage.googleapis.com', 'gemini'],
      ['https://example.test', 'anthropic'],
    ])
  })

  it('limits of answers become facts of the models that they hold for', () => {
    expect(written.providers?.[1]?.models).to.deep.equal([
      { name: 'deepseek-chat', max_output_tokens: 8000 },
      'deepseek-reasoner',
    ])
    expect(written.providers?.[2]?.models).to.deep.equal([{ name: 'gemini-2.5-flash', max_output_tokens: 65_536 }])
  })

  it('the settings of the server keep their meaning', () => {
    const { host, port, apikey, log, log_level, proxy_url, performance, long_context_threshold } = written
    expect({ host, port, apikey, log, log_level, proxy_url, performance, long_context_threshold }).to.deep.equal({
      host: '0.0.0.0',
      port: 3457,
      apikey: 'secret',
      log: true,
      log_level: 'debug',
      proxy_url: 'http://127.0.0.1:7890',
      performance: { request_timeout: '600000ms' },
      long_context_threshold: 80_000,
    })
  })

  it('what could not be carried is listed, each once, at its place', () => {
    expect(left.map(({ path }) => path)).to.have.members([
      'Providers.1.transformer.deepseek-chat.use.0',
      'Providers.4',
      'Router.webSearch',
      'fallback.image',
      'transformers',
    ])
    expect(JSON.stringify(left)).to.not.contain('nameless')
  })

  it('S14: whatever JSON it is given, what comes of it is valid or the text is refused', () => {
    const member = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('a,b', 'http://x/v1/messages', 5, ['a,b']))
    const any = fc.record(
      {
        Providers: fc.array(fc.record({ name: member, api_key: member, models: member, transformer: member })),
        Router: fc.dictionary(fc.constantFrom('default', 'think', 'x'), member),
        fallback: member,
        LOG: member,
        LOG_LEVEL: member,
        APIKEY: member,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(any, (value) => {
        const { written: ours } = importClaudeCodeRouter('c.json', JSON.stringify(value))
        try {
          parseConfig('c.json', JSON.stringify(ours), {})
        } catch (error) {
          // Two providers of one name are theirs as they are ours, and so is a variable that nobody set.
          expect(String(error)).to.match(/is the name of another provider too|is not set/)
        }
      }),
    )
    expect(() => importClaudeCodeRouter('c.json', '{')).to.throw(ConfigFault, /c\.json:1:/)
  })
})
