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
})
