// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how the file names a variable of the environment
import { expect } from 'chai'
import { listProblems, readConfig } from '../../support/config-text.ts'

describe('the environment', () => {
  describe('variables', () => {
    it('A044, A045: are put in anywhere in any text, several in one too', () => {
      const { config } = readConfig(
        {
          host: '${H}',
          providers: [{ name: 'a', api_base_url: 'http://${H}:${P}/v1', api_key: '${K}', models: ['x-${P}'] }],
        },
        { H: 'box', P: '81', K: 'sk-1' },
      )
      expect(config.host).to.equal('box')
      expect(config.providers[0]).to.deep.include({ baseUrl: 'http://box:81/v1', keys: ['sk-1'] })
      expect(config.providers[0]?.models?.[0]?.name).to.equal('x-81')
    })

    it('A046: one that is not set is an error at its place that names it, and so is each other', () => {
      const text = '{\n  "host": "${NOWHERE}",\n  "providers": [{ "name": "a", "api_key": "${ALSO_NOT}" }]\n}'
      expect(listProblems(text)).to.deep.equal([
        '2:11: host names the environment variable NOWHERE, which is not set.',
        '3:43: providers.0.api_key names the environment variable ALSO_NOT, which is not set.',
      ])
    })

    it('what is put in is not looked at again, and other dollar signs stay', () => {
      const { config } = readConfig({ host: '${A}', providers: [{ name: '$x ${ y} $$ ${A}' }] }, { A: '${B}' })
      expect(config.host).to.equal('${B}')
      expect(config.providers[0]?.name).to.equal('$x ${ y} $$ ${B}')
    })
  })

  describe('keys of providers', () => {
    const WRITTEN = {
      providers: [
        { name: 'a', api_key: 'from-file', api_keys: ['more'] },
        { name: 'b', api_key: '${B_KEY}' },
        { name: 'c', apiKey: 'own' },
        { name: 'd' },
      ],
    }
    const ROWS: readonly (readonly [string, Readonly<Record<string, string>>, readonly unknown[]])[] = [
      ['the file alone', {}, [['from-file', 'more'], ['b'], ['own'], undefined]],
      [
        'A047: the first by its place',
        { CCPROXY_PROVIDERS_0_API_KEY: 'zero\n' },
        [['zero'], ['b'], ['own'], undefined],
      ],
      [
        'A048: the second by its place',
        { CCPROXY_PROVIDERS_1_API_KEY: 'one' },
        [['from-file', 'more'], ['one'], ['own'], undefined],
      ],
      [
        'A049: a place that there is not',
        { CCPROXY_PROVIDERS_9_API_KEY: 'nine' },
        [['from-file', 'more'], ['b'], ['own'], undefined],
      ],
      [
        'A050: all of them go before the file',
        { CCPROXY_PROVIDERS_0_API_KEY: '0', CCPROXY_PROVIDERS_2_API_KEY: '2', CCPROXY_PROVIDERS_3_API_KEY: '3' },
        [['0'], ['b'], ['2'], ['3']],
      ],
      [
        'an empty one says nothing',
        { CCPROXY_PROVIDERS_0_API_KEY: ' ' },
        [['from-file', 'more'], ['b'], ['own'], undefined],
      ],
    ]
    for (const [title, environment, keys] of ROWS) {
      it(title, () => {
        const { config } = readConfig(WRITTEN, { B_KEY: 'b', ...environment })
        expect(config.providers.map((provider) => provider.keys)).to.deep.equal(keys)
      })
    }
  })

  describe('the key of the gateway', () => {
    const ROWS: readonly (readonly [string, object, Readonly<Record<string, string>>, string | undefined])[] = [
      ['A174: none', {}, {}, undefined],
      ['A174: an empty one is none', { apikey: ' ' }, {}, undefined],
      ['B010: in the file', { apikey: ' k\n' }, {}, 'k'],
      ['B009, X15: CCPROXY_APIKEY', {}, { CCPROXY_APIKEY: 'a' }, 'a'],
      ['X15: CCPROXY_API_KEY', {}, { CCPROXY_API_KEY: 'b' }, 'b'],
      ['X15: both', {}, { CCPROXY_API_KEY: 'b', CCPROXY_APIKEY: 'a' }, 'a'],
      ['T74: the environment goes before the file', { apikey: 'k' }, { CCPROXY_API_KEY: 'b' }, 'b'],
      ['an empty variable does not open what the file has locked', { apikey: 'k' }, { CCPROXY_APIKEY: '' }, 'k'],
      ['our own name goes first', {}, { CCPROXY_APIKEY: 'a', INTERLINGUA_API_KEY: 'o' }, 'o'],
      ['A119: by reference', { apikey: '${CCPROXY_APIKEY}' }, { CCPROXY_APIKEY: 'a' }, 'a'],
    ]
    for (const [title, written, environment, key] of ROWS) {
      it(title, () => expect(readConfig(written, environment).config.apiKey).to.equal(key))
    }
  })
})
