import { expect } from 'chai'
import { parseBaseUrl } from '../../../src/providers/base-url.ts'
import { COMPATIBLE_PROVIDERS } from '../../../src/providers/compatible-providers.ts'
import { joinUrl } from '../../../src/providers/join-url.ts'
import { describeProvider } from '../../../src/providers/known-providers.ts'

describe('copies of Chat Completions', () => {
  for (const { names, baseUrl, keyVariables } of COMPATIBLE_PROVIDERS) {
    it(`${names[0]} is known by its names, and its version is written once`, () => {
      for (const name of names) {
        const known = describeProvider(name.toUpperCase())
        expect(known.baseUrl).to.equal(baseUrl)
        expect(known.protocol).to.equal('openai-chat')
        expect(known.keyless).to.equal(keyVariables.length === 0)
      }
      expect(parseBaseUrl(baseUrl)).to.equal(baseUrl)
      const url = joinUrl(baseUrl, '/v1/chat/completions')
      expect(url).to.match(/\/chat\/completions$/)
      // Perplexity's has none.
      expect(url.match(/\/v\d/g) ?? []).to.have.length(names[0] === 'perplexity' ? 0 : 1)
    })

    it(`${names[0]} is reached without TLS on this machine only`, () => {
      const { protocol, hostname } = new URL(baseUrl)
      if (protocol === 'http:') expect(hostname).to.equal('127.0.0.1')
    })
  }

  it('no name stands twice, and none hides another provider', () => {
    const names = COMPATIBLE_PROVIDERS.flatMap((row) => row.names)
    expect(new Set(names).size).to.equal(names.length)
    expect(describeProvider('openai').baseUrl).to.equal('https://api.openai.com/v1')
  })

  it('lesson 43: MiniMax is told to keep thoughts out of the text', () => {
    expect(describeProvider('minimax').facts.adds).to.deep.equal({ reasoning_split: true })
  })

  it('lesson 41: SenseNova knows no effort above high', () => {
    expect(describeProvider('sensenova').facts.efforts?.at(-1)).to.equal('high')
  })

  it('lesson 40: DeepSeek writes 8192 tokens at most, and cannot be forced to call while it thinks', () => {
    expect(describeProvider('deepseek').facts).to.include({ maxOutputTokens: 8192, thinksUnforced: true })
  })

  it('Azure wants its key under a name of its own, at an address that only its customer knows', () => {
    const azure = describeProvider('azure')
    expect(azure.auth).to.deep.equal({ header: 'api-key', prefix: '' })
    expect(azure.baseUrl).to.equal(undefined)
    expect(joinUrl('https://me.openai.azure.com/openai/v1', '/v1/chat/completions')).to.equal(
      'https://me.openai.azure.com/openai/v1/chat/completions',
    )
  })
})
