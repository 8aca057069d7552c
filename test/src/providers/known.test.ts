import { expect } from 'chai'
import { parseBaseUrl } from '../../../src/providers/base-url.ts'
import { DEMO_MODELS, DEMO_PROVIDER } from '../../../src/providers/demo.ts'
import { joinUrl } from '../../../src/providers/join-url.ts'
import { describeModel, mergeFacts } from '../../../src/providers/known-models.ts'
import { describeProvider } from '../../../src/providers/known-providers.ts'

describe('describeProvider', () => {
  const VARIABLES = [
    ['A051', 'anthropic', ['ANTHROPIC_API_KEY']],
    ['A052', 'openai', ['OPENAI_API_KEY']],
    ['A053', 'gemini', ['GEMINI_API_KEY', 'GOOGLE_API_KEY']],
    ['A054', 'deepseek', ['DEEPSEEK_API_KEY']],
    ['A055', 'openrouter', ['OPENROUTER_API_KEY']],
    ['A056', 'groq', ['GROQ_API_KEY']],
    ['A057', 'mistral', ['MISTRAL_API_KEY']],
    ['A058', 'xai', ['XAI_API_KEY', 'GROK_API_KEY']],
    ['A058', 'grok', ['XAI_API_KEY', 'GROK_API_KEY']],
    ['A059', 'ollama', ['OLLAMA_API_KEY']],
  ] as const
  for (const [row, name, variables] of VARIABLES) {
    it(`${row}: ${name} takes its key from ${variables.join(' or ')}`, () => {
      expect(describeProvider(name).keyVariables).to.deep.equal(variables)
    })
  }

  it('A189: every name that is known has a base URL that could be configured', () => {
    for (const [, name] of VARIABLES) {
      const { baseUrl } = describeProvider(name)
      expect(parseBaseUrl(baseUrl ?? ''), name).to.equal(baseUrl)
    }
  })

  it('A027: Anthropic and Gemini take their keys in headers of their own, all others as a bearer', () => {
    const own = new Map<string, string>([
      ['anthropic', 'x-api-key'],
      ['gemini', 'x-goog-api-key'],
    ])
    for (const [, name] of VARIABLES) {
      const header = own.get(name)
      const expected = header === undefined ? { header: 'authorization', prefix: 'Bearer ' } : { header, prefix: '' }
      expect(describeProvider(name).auth, name).to.deep.equal(expected)
    }
  })

  it('takes a name in any case, and an unknown one for an OpenAI-compatible server without a known address', () => {
    expect(describeProvider('OpenAI')).to.equal(describeProvider('openai'))
    const generic = describeProvider('somewhere')
    expect(generic.baseUrl).to.equal(undefined)
    expect(generic.keyless).to.equal(true)
    expect(generic.protocol).to.equal(describeProvider('openai').protocol)
    expect(describeProvider('constructor')).to.equal(generic)
  })

  it('knows how another protocol than the usual one takes its key', () => {
    const { protocol } = describeProvider('anthropic')
    const local = describeProvider('vllm', protocol)
    expect(local.protocol).to.equal(protocol)
    expect(local.auth.header).to.equal('x-api-key')
    expect(describeProvider('deepseek', protocol).facts, 'nothing of the other protocol is left').to.deep.equal({})
  })

  it('knows where Ollama has its own API, by the protocol or by a name of its own', () => {
    const native = describeProvider('ollama-native')
    expect(native.baseUrl).to.equal('http://127.0.0.1:11434')
    expect(native.keyVariables).to.deep.equal(['OLLAMA_API_KEY'])
    expect(describeProvider('ollama', native.protocol)).to.equal(native)
    expect(describeProvider('ollama').baseUrl).to.equal('http://127.0.0.1:11434/v1')
  })

  it('Vertex AI in express mode is the Gemini API at another address', () => {
    const vertex = describeProvider('vertex')
    const { auth, protocol } = describeProvider('gemini')
    expect(vertex).to.deep.include({ auth, protocol, keyVariables: ['VERTEX_API_KEY', 'GOOGLE_API_KEY'] })
    expect(joinUrl(vertex.baseUrl ?? '', '/v1beta/models/gemini-2.5-flash:generateContent')).to.equal(
      'https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash:generateContent',
    )
  })

  it('Bedrock speaks as Anthropic does, over a transport of its own', () => {
    expect(describeProvider('bedrock')).to.deep.include({
      protocol: describeProvider('anthropic').protocol,
      transport: 'bedrock',
      baseUrl: '',
      keyVariables: ['AWS_BEARER_TOKEN_BEDROCK'],
    })
  })

  it('Q29: xAI counts reasoning beside the output', () => {
    expect(describeProvider('xai').facts.countsReasoningAsOutput).to.equal(false)
  })

  it('the demo has a provider with two models', () => {
    expect(describeProvider(DEMO_PROVIDER).transport).to.equal('demo')
    expect(DEMO_MODELS).to.deep.equal(['echo', 'tools'])
  })
})

describe('describeModel', () => {
  const LIMITS = [
    ['claude-3-opus-20240229', 4096, 4096],
    ['claude-3-5-sonnet-latest', 8192, 8192],
    ['claude-sonnet-4-20250514', 64_000, 32_000],
    ['anthropic/claude-opus-4.1', 32_000, 32_000],
    ['claude-3-haiku@20240307', 4096, 4096],
    ['gpt-4o-2024-08-06', 16_384, undefined],
    ['openai/gpt-4.1-mini', 32_768, undefined],
    ['gpt-4', 8192, undefined],
    ['o3', 100_000, undefined],
    ['A152: deepseek-chat', 8192, undefined],
    ['A152: deepseek-reasoner', 8192, undefined],
    ['deepseek/deepseek-chat:free', 8192, undefined],
  ] as const
  for (const [title, most, usual] of LIMITS) {
    const name = title.replace(/^A\d+: /, '')
    it(`${title} writes at most ${most} tokens, and ${usual ?? 'its own number'} when nobody says`, () => {
      expect(describeModel(name)).to.include({ maxOutputTokens: most })
      expect(describeModel(name).defaultMaxOutputTokens).to.equal(usual)
    })
  }

  it('trap 114: a Claude model of tomorrow has a default limit and no largest one that could be wrong', () => {
    const facts = describeModel('claude-opus-9-20300101')
    expect(facts.defaultMaxOutputTokens).to.be.greaterThan(8191)
    expect(facts.maxOutputTokens).to.equal(undefined)
    expect(facts.issuer).to.equal('anthropic')
  })

  it('does not take a newer version for the one whose name it begins with', () => {
    expect(describeModel('gpt-4.5-preview')).to.deep.equal({})
    // How its family calls the limit is known of it all the same.
    for (const name of ['gpt-5.9', 'o3-deep-research'])
      expect(describeModel(name)).to.deep.equal({ insistsOn: { max_tokens: 'max_completion_tokens' } })
    expect(describeModel('claude-opus-4-9').maxOutputTokens).to.equal(undefined)
  })

  it('trap 94: DeepSeek and Kimi want their earlier reasoning back', () => {
    expect(describeModel('deepseek-v9').replaysReasoning).to.equal(true)
    expect(describeModel('moonshotai/kimi-k2').replaysReasoning).to.equal(true)
  })

  it('knows nothing of a name that it does not know', () => {
    for (const name of ['llama3.2:3b', '', 'constructor', '__proto__', '/', ':']) {
      expect(describeModel(name), name).to.deep.equal({})
    }
  })
})

describe('mergeFacts', () => {
  it('lets the nearer one speak first, and joins what can be joined', () => {
    const merged = mergeFacts(
      {
        maxOutputTokens: 1,
        contextTokens: 2,
        capabilities: { tools: true, images: true },
        renames: { a: 'b' },
        insistsOn: { a: 'b' },
        adds: { a: 1, b: 2 },
        refuses: ['x', 'y'],
      },
      {
        maxOutputTokens: 3,
        capabilities: { images: false },
        renames: { c: 'd' },
        insistsOn: { c: 'd' },
        adds: { b: 3 },
        refuses: ['y', 'z'],
      },
    )
    expect(merged).to.deep.equal({
      maxOutputTokens: 3,
      contextTokens: 2,
      capabilities: { tools: true, images: false },
      renames: { a: 'b', c: 'd' },
      insistsOn: { a: 'b', c: 'd' },
      adds: { a: 1, b: 3 },
      refuses: ['x', 'y', 'z'],
    })
  })

  it('changes neither of the two', () => {
    const farther = Object.freeze({ refuses: Object.freeze(['x']) })
    mergeFacts(farther, { refuses: ['y'] })
    expect(farther.refuses).to.deep.equal(['x'])
  })

  it('Gemini models are known by their generation, and sign by their own name', () => {
    const old = describeModel('gemini-2.0-flash')
    expect(old).to.deep.include({ issuer: 'gemini', contextTokens: 1_048_576, maxOutputTokens: 8192 })
    expect(old.capabilities).to.include({ reasoning: false, images: true, audio: true })
    for (const name of ['gemini-2.5-pro', 'google/gemini-2.5-flash', 'gemini-3.1-pro-preview', 'models/gemini-3-flash'])
      expect(describeModel(name), name).to.deep.include({ maxOutputTokens: 65_536, issuer: 'gemini' })
    expect(describeModel('gemini-embedding-001').maxOutputTokens).to.equal(undefined)
  })

  it('models that embed are known for it, and chat models are not', () => {
    for (const name of [
      'text-embedding-3-small',
      'gemini-embedding-001',
      'nomic-embed-text:v1.5',
      'qwen/qwen3-embedding-8b',
    ])
      expect(describeModel(name).capabilities, name).to.deep.equal({ embedding: true, tools: false })
    expect(describeModel('gpt-4o').capabilities).to.not.have.property('embedding')
  })
})
