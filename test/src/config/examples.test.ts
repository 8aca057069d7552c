import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { loadConfig } from '../../../src/config/load-config.ts'
import { publishSchema } from '../../../src/config/publish-schema.ts'

const FOLDER = fileURLToPath(new URL('../../../examples/configs/', import.meta.url))
const NAMES = ['openai-gpt4.json', 'openai-o-series.json', 'openai-mixed.json', 'openai-budget.json']
const KEYS = { OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2', GEMINI_API_KEY: 'sk-3' }

describe('examples/configs', () => {
  it('A005: holds the four examples of the guide, and no other', () => {
    expect(readdirSync(FOLDER).filter((name) => name.endsWith('.json'))).to.have.members(NAMES)
  })

  const check = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(publishSchema())
  const readme = readFileSync(`${FOLDER}README.md`, 'utf8')

  for (const name of NAMES) {
    it(`A005, A007: ${name} is read without a warning, has routes for several uses, and is explained`, () => {
      const { config, warnings } = loadConfig(`${FOLDER}${name}`, KEYS)
      expect(warnings).to.deep.equal([])
      const routes = config.groups.find((group) => group.name === 'default')?.routes ?? new Map()
      expect([...routes.keys()]).to.have.members(['default', 'longContext', 'background', 'think'])
      const models = new Map(config.providers.map((one) => [one.name, one.models?.map((model) => model.name) ?? []]))
      for (const { provider, model } of [...routes.values()].flat())
        expect(models.get(provider), provider).to.include(model)
      expect(readme).to.contain(`[${name}](${name})`)
    })

    it(`A005: ${name} is plain JSON, fits the published schema and names it where it is`, () => {
      const written = JSON.parse(readFileSync(`${FOLDER}${name}`, 'utf8'))
      expect(check(written), JSON.stringify(check.errors)).to.equal(true)
      expect(existsSync(`${FOLDER}${written.$schema}`)).to.equal(true)
    })
  }

  it('A006: without the key in the environment, the example says which variable is missing', () => {
    expect(() => loadConfig(`${FOLDER}openai-gpt4.json`, {})).to.throw(
      /openai-gpt4\.json:8:\d+: providers\.0\.api_key names the environment variable OPENAI_API_KEY, which is not set\./,
    )
  })

  it('A091: where to look for models of today is told', () => expect(readme).to.contain('https://models.dev'))
})
