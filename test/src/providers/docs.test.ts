import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { COMPATIBLE_PROVIDERS } from '../../../src/providers/compatible-providers.ts'
import { describeProvider } from '../../../src/providers/known-providers.ts'

describe('docs/providers.md', () => {
  const rows = readFileSync('docs/providers.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '')))

  for (const [, names = [], urls = [], variables = [], protocols = []] of rows) {
    it(`tells of ${names.join(', ')} what the program knows`, () => {
      for (const name of names) {
        const known = describeProvider(name)
        expect(known.protocol).to.equal(protocols[0])
        if (known.baseUrl !== undefined && known.baseUrl !== '') expect(known.baseUrl).to.equal(urls[0])
        if (!known.keyless) expect(variables).to.include.members([...known.keyVariables])
      }
    })
  }

  it('leaves no row out', () => {
    const told = rows.flatMap(([, names = []]) => names)
    expect(told).to.include.members(COMPATIBLE_PROVIDERS.flatMap(({ names }) => names))
    expect(told).to.include.members([
      'openai',
      'azure',
      'anthropic',
      'bedrock',
      'gemini',
      'vertex',
      'deepseek',
      'openrouter',
    ])
    expect(told).to.include.members(['groq', 'mistral', 'xai', 'ollama', 'ollama-native'])
  })
})
