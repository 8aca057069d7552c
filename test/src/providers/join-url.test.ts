import { expect } from 'chai'
import fc from 'fast-check'
import { parseBaseUrl } from '../../../src/providers/base-url.ts'
import { joinUrl } from '../../../src/providers/join-url.ts'
import { describeProvider } from '../../../src/providers/known-providers.ts'

const CHAT = '/v1/chat/completions'

describe('joinUrl', () => {
  const ROWS = [
    [
      'A027: the native Messages API',
      'https://api.anthropic.com',
      '/v1/messages',
      'https://api.anthropic.com/v1/messages',
    ],
    ['A027: with the version', 'https://api.anthropic.com/v1', '/v1/messages', 'https://api.anthropic.com/v1/messages'],
    ['A029: OpenAI with /v1', 'https://api.openai.com/v1', CHAT, 'https://api.openai.com/v1/chat/completions'],
    ['A029: OpenAI without /v1', 'https://api.openai.com', CHAT, 'https://api.openai.com/v1/chat/completions'],
    ['A029: with a slash at the end', 'https://api.openai.com/v1/', CHAT, 'https://api.openai.com/v1/chat/completions'],
    [
      'A033: Gemini',
      'https://g.test',
      '/v1beta/models/m:generateContent',
      'https://g.test/v1beta/models/m:generateContent',
    ],
    ['a base in v1beta', 'https://g.test/v1beta', '/v1beta/models/m', 'https://g.test/v1beta/models/m'],
    ['A035: DeepSeek without /v1', 'https://api.deepseek.com', CHAT, 'https://api.deepseek.com/v1/chat/completions'],
    ['A036: OpenRouter', 'https://openrouter.ai/api/v1', CHAT, 'https://openrouter.ai/api/v1/chat/completions'],
    ['Groq, below a prefix', 'https://api.groq.com/openai/v1', CHAT, 'https://api.groq.com/openai/v1/chat/completions'],
    [
      'another version than the path has',
      'https://z.test/api/paas/v4',
      CHAT,
      'https://z.test/api/paas/v4/chat/completions',
    ],
    [
      'a copy of the API below the version',
      'https://g.test/v1beta/openai',
      CHAT,
      'https://g.test/v1beta/openai/chat/completions',
    ],
    ['a prefix that is no version', 'https://x.test/proxy', CHAT, 'https://x.test/proxy/v1/chat/completions'],
    [
      'a version that does not stand last',
      'https://x.test/v1/account',
      '/v1/messages',
      'https://x.test/v1/account/v1/messages',
    ],
    ['a host that is called like a version', 'http://v1:8080', CHAT, 'http://v1:8080/v1/chat/completions'],
    [
      'a word that begins like a version',
      'https://x.test/v1-proxy',
      CHAT,
      'https://x.test/v1-proxy/v1/chat/completions',
    ],
    ['a path without a version', 'https://x.test/v1', '/api/chat', 'https://x.test/v1/api/chat'],
    [
      'trap 133: an escaped model name',
      'https://x.test/v1',
      '/v1/models/a%2Fb%3Ac',
      'https://x.test/v1/models/a%2Fb%3Ac',
    ],
  ] as const
  for (const [title, base, path, expected] of ROWS) it(title, () => expect(joinUrl(base, path)).to.equal(expected))

  it('the default base of every known provider leads to one version and no more', () => {
    for (const name of ['openai', 'anthropic', 'deepseek', 'openrouter', 'groq', 'mistral', 'xai', 'ollama']) {
      const url = joinUrl(describeProvider(name).baseUrl ?? '', CHAT)
      expect(url.match(/\/v1\//g), url).to.have.lengthOf(1)
      expect(url).to.match(/\/chat\/completions$/)
    }
  })

  const segment = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/).filter((part) => !/^v\d/.test(part))
  const version = fc.constantFrom('v1', 'v2', 'v4', 'v1beta', 'v1beta1', 'v1alpha')

  it('never writes two versions, keeps every prefix, and is one URL', () => {
    fc.assert(
      fc.property(
        fc.array(segment),
        fc.option(version),
        version,
        fc.array(segment, { minLength: 1 }),
        (prefix, own, asked, rest) => {
          const base = parseBaseUrl(`https://x.test/${[...prefix, ...(own === null ? [] : [own])].join('/')}`)
          const url = new URL(joinUrl(base, `/${asked}/${rest.join('/')}`))
          expect(url.origin).to.equal('https://x.test')
          expect(url.pathname.split('/').slice(1)).to.deep.equal([...prefix, own ?? asked, ...rest])
        },
      ),
    )
  })
})
