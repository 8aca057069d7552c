import { expect } from 'chai'
import { listProblems, readConfig } from '../../support/config-text.ts'

describe('providers', () => {
  it('A043, A188, A190, A191: need nothing but a name, and say nothing that was not said', () => {
    expect(readConfig({ providers: [{ name: ' openai ' }] }).config.providers).to.deep.equal([{ name: 'openai' }])
  })

  it('A209: keys are trimmed, the empty and the doubled left out', () => {
    const { config } = readConfig({
      providers: [{ name: 'a', api_key: ' sk-1\n', api_keys: ['sk-2\r\n', '', 'sk-1'] }],
    })
    expect(config.providers[0]?.keys).to.deep.equal(['sk-1', 'sk-2'])
  })

  it('an empty api_key is as good as none; an empty list of keys says that there is none', () => {
    expect(readConfig({ providers: [{ name: 'a', api_key: ' ' }] }).config.providers[0]).to.not.have.property('keys')
    expect(readConfig({ providers: [{ name: 'a', api_keys: [] }] }).config.providers[0]?.keys).to.deep.equal([])
  })

  it('X16: both spellings say the same; where both stand, the one with underscores counts', () => {
    const snake = { name: 'a', api_key: 'k', api_base_url: 'http://x/v1', proxy_url: 'http://p' }
    const camel = { name: 'a', apiKey: 'k', apiBaseUrl: 'http://x/v1', proxyUrl: 'http://p' }
    const { config, warnings } = readConfig({ providers: [camel], routes: { default: 'a/b' } })
    expect(config.providers).to.deep.equal(readConfig({ providers: [snake] }).config.providers)
    expect(warnings.filter((warning) => warning.includes('no known setting'))).to.deep.equal([])
    const both = readConfig({ providers: [{ ...snake, apiKey: 'other', apiBaseURL: 'http://y' }] }).config.providers[0]
    expect(both)
      .to.include({ baseUrl: 'http://x/v1' })
      .and.deep.include({ keys: ['k'] })
  })

  it('A192: enabled false is kept', () => {
    expect(readConfig({ providers: [{ name: 'a', enabled: false }] }).config.providers).to.deep.equal([
      { name: 'a', enabled: false },
    ])
  })

  it('A189: a base URL is trimmed; names of headers come in lower case', () => {
    const written = { name: 'a', api_base_url: ' https://x/v1\n', headers: { 'X-Team': ' me ' } }
    expect(readConfig({ providers: [written] }).config.providers).to.deep.equal([
      { name: 'a', baseUrl: 'https://x/v1', headers: { 'x-team': 'me' } },
    ])
  })

  it('models are names or say more', () => {
    const models = [
      ' m1 ',
      { name: 'm2', display_name: 'Two', context_tokens: 5, capabilities: { json_schema: false }, enabled: false },
      'm1',
      { name: 'm3', tool_dialect: 'glm' },
    ]
    expect(readConfig({ providers: [{ name: 'a', models }] }).config.providers[0]?.models).to.deep.equal([
      { name: 'm1', capabilities: {}, enabled: true },
      { name: 'm2', displayName: 'Two', contextTokens: 5, capabilities: { jsonSchema: false }, enabled: false },
      { name: 'm3', capabilities: {}, toolDialect: 'glm', enabled: true },
    ])
  })

  it('a dialect that nobody can be taught is refused', () => {
    const models = [{ name: 'm', tool_dialect: 'harmony' }]
    expect(listProblems({ providers: [{ name: 'a', models }] }).join()).to.contain('tool_dialect')
  })
})
