import { expect } from 'chai'
import { readConfig } from '../../support/config-text.ts'

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

  it('A047, A048, A049, A050: a variable by place in the list goes before what the file says', () => {
    const { config } = readConfig(
      {
        providers: [
          { name: 'a', api_key: 'from-file', api_keys: ['more'] },
          { name: 'b' },
          { name: 'c', api_key: 'own' },
        ],
      },
      {
        CCPROXY_PROVIDERS_0_API_KEY: 'zero\n',
        CCPROXY_PROVIDERS_1_API_KEY: 'one',
        CCPROXY_PROVIDERS_9_API_KEY: 'nine',
      },
    )
    expect(config.providers.map((provider) => provider.keys)).to.deep.equal([['zero'], ['one'], ['own']])
  })

  it('models are names or say more', () => {
    const models = [
      ' m1 ',
      { name: 'm2', display_name: 'Two', context_tokens: 5, capabilities: { json_schema: false }, enabled: false },
      'm1',
    ]
    expect(readConfig({ providers: [{ name: 'a', models }] }).config.providers[0]?.models).to.deep.equal([
      { name: 'm1', capabilities: {}, enabled: true },
      { name: 'm2', displayName: 'Two', contextTokens: 5, capabilities: { jsonSchema: false }, enabled: false },
    ])
  })
})
