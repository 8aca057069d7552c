/** What is known of a provider by its name alone: whoever names it need not tell where it is or how it wants its key. */
import type { ProtocolName } from '../../protocols/ir/extra.ts'
import type { ModelFacts } from '../../protocols/ir/facts.ts'
import { COMPATIBLE_PROVIDERS, type CompatibleProvider } from './compatible-providers.ts'
import type { AuthStyle, Provider } from './target.ts'

/** Defaults of one provider; whatever the configuration says instead wins, field by field. */
export interface KnownProvider {
  readonly protocol: ProtocolName
  readonly transport: Provider['transport']
  /** Absent: it has to be configured. Always the vendor's own origin, never a look-alike or a reseller. */
  readonly baseUrl?: string
  readonly auth: AuthStyle
  /** Environment variables that may hold its key, the first that is set wins. */
  readonly keyVariables: readonly string[]
  /** It answers without a key, as servers on one's own machine do. */
  readonly keyless: boolean
  /** Hold for all of its models; what is known of a model itself goes before them. */
  readonly facts: ModelFacts
}

const BEARER: AuthStyle = { header: 'authorization', prefix: 'Bearer ' }

/** Vendors that took over the older name of the output limit and never learned the newer one. */
const OLD_LIMIT_NAME = { max_completion_tokens: 'max_tokens' }

/** Speaks Chat Completions under an address of its own: what an unknown name is taken for. */
const GENERIC: KnownProvider = {
  protocol: 'openai-chat',
  transport: 'http',
  auth: BEARER,
  keyVariables: [],
  keyless: true,
  facts: { renames: OLD_LIMIT_NAME },
}

const OPENAI: KnownProvider = {
  protocol: 'openai-chat',
  transport: 'http',
  baseUrl: 'https://api.openai.com/v1',
  auth: BEARER,
  keyVariables: ['OPENAI_API_KEY'],
  keyless: false,
  // Reasoning models answer 400 to the older name, and the older models take the newer one too (trap 112).
  facts: { developerRole: true, freeformTools: true, renames: { max_tokens: 'max_completion_tokens' } },
}

const ANTHROPIC: KnownProvider = {
  protocol: 'anthropic',
  transport: 'http',
  baseUrl: 'https://api.anthropic.com',
  auth: { header: 'x-api-key', prefix: '' },
  keyVariables: ['ANTHROPIC_API_KEY'],
  keyless: false,
  facts: {},
}

/** AI Studio. */
const GEMINI: KnownProvider = {
  protocol: 'gemini',
  transport: 'http',
  baseUrl: 'https://generativelanguage.googleapis.com',
  auth: { header: 'x-goog-api-key', prefix: '' },
  keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  keyless: false,
  facts: {},
}

/**
 * Vertex AI in express mode: the same wire behind an API key. A project's own address (`.../v1/projects/P/locations/L/publishers/google`)
 * takes access tokens, given as a header.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/vertex-ai-express-mode-api-reference
 */
const VERTEX: KnownProvider = {
  ...GEMINI,
  baseUrl: 'https://aiplatform.googleapis.com/v1/publishers/google',
  keyVariables: ['VERTEX_API_KEY', 'GOOGLE_API_KEY'],
}

/**
 * Anthropic's models at Amazon's. The base URL follows from the region, and who calls from the usual AWS variables, unless a key is given:
 * that is one of Bedrock's own, and a bearer's.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html
 */
const BEDROCK: KnownProvider = {
  protocol: 'anthropic',
  transport: 'bedrock',
  baseUrl: '',
  auth: BEARER,
  keyVariables: ['AWS_BEARER_TOKEN_BEDROCK'],
  keyless: true,
  facts: { fetchesUrls: false, refuses: ['service_tier', 'container', 'mcp_servers'] },
}

const DEEPSEEK: KnownProvider = {
  protocol: 'openai-chat',
  transport: 'http',
  baseUrl: 'https://api.deepseek.com',
  auth: BEARER,
  keyVariables: ['DEEPSEEK_API_KEY'],
  keyless: false,
  // While it thinks it refuses forced calls (lesson 40).
  facts: {
    maxOutputTokens: 8192,
    replaysReasoning: true,
    thinksUnforced: true,
    reasoningMember: 'thinking',
    renames: OLD_LIMIT_NAME,
  },
}

const OPENROUTER: KnownProvider = {
  protocol: 'openai-chat',
  transport: 'http',
  baseUrl: 'https://openrouter.ai/api/v1',
  auth: BEARER,
  keyVariables: ['OPENROUTER_API_KEY'],
  keyless: false,
  // @see https://openrouter.ai/docs/features/prompt-caching
  facts: { cacheMarks: true, renames: OLD_LIMIT_NAME, reasoningMember: 'reasoning' },
}

const GROQ: KnownProvider = {
  protocol: 'openai-chat',
  transport: 'http',
  baseUrl: 'https://api.groq.com/openai/v1',
  auth: BEARER,
  keyVariables: ['GROQ_API_KEY'],
  keyless: false,
  // @see https://console.groq.com/docs/openai
  facts: { refuses: ['logit_bias', 'logprobs', 'top_logprobs'] },
}

const MISTRAL: KnownProvider = {
  protocol: 'openai-chat',
  transport: 'http',
  baseUrl: 'https://api.mistral.ai/v1',
  auth: BEARER,
  keyVariables: ['MISTRAL_API_KEY'],
  keyless: false,
  // It answers 422 to any field that it does not know. @see https://docs.mistral.ai/api/
  facts: {
    renames: { ...OLD_LIMIT_NAME, seed: 'random_seed' },
    refuses: ['logit_bias', 'logprobs', 'top_logprobs', 'service_tier', 'store', 'user'],
  },
}

const XAI: KnownProvider = {
  protocol: 'openai-chat',
  transport: 'http',
  baseUrl: 'https://api.x.ai/v1',
  auth: BEARER,
  keyVariables: ['XAI_API_KEY', 'GROK_API_KEY'],
  keyless: false,
  facts: { countsReasoningAsOutput: false },
}

const OLLAMA: KnownProvider = {
  protocol: 'openai-chat',
  transport: 'http',
  baseUrl: 'http://127.0.0.1:11434/v1',
  auth: BEARER,
  keyVariables: ['OLLAMA_API_KEY'],
  keyless: true,
  facts: { renames: OLD_LIMIT_NAME, fetchesUrls: false },
}

/** The same server by its own API: everything that it can be told, its options for one, can be told there only. */
const OLLAMA_NATIVE: KnownProvider = {
  ...OLLAMA,
  protocol: 'ollama',
  baseUrl: 'http://127.0.0.1:11434',
  facts: {},
}

const DEMO: KnownProvider = {
  protocol: 'openai-chat',
  transport: 'demo',
  baseUrl: '',
  auth: BEARER,
  keyVariables: [],
  keyless: true,
  // It copies examples of calls that are written in JSON.
  facts: { toolDialect: 'hermes' },
}

/** Each customer has an address of their own: https://NAME.openai.azure.com/openai/v1 */
const { baseUrl: _openaiUrl, ...OPENAI_ELSEWHERE } = OPENAI
const AZURE: KnownProvider = {
  ...OPENAI_ELSEWHERE,
  auth: { header: 'api-key', prefix: '' },
  keyVariables: ['AZURE_OPENAI_API_KEY'],
}

function describeCompatible({ baseUrl, keyVariables, facts }: CompatibleProvider): KnownProvider {
  return {
    ...GENERIC,
    baseUrl,
    keyVariables,
    keyless: keyVariables.length === 0,
    facts: { ...GENERIC.facts, ...facts },
  }
}

const KNOWN_PROVIDERS: ReadonlyMap<string, KnownProvider> = new Map([
  ...COMPATIBLE_PROVIDERS.flatMap((row) =>
    row.names.map((name): [string, KnownProvider] => [name, describeCompatible(row)]),
  ),
  ['azure', AZURE],
  ['openai', OPENAI],
  ['anthropic', ANTHROPIC],
  ['gemini', GEMINI],
  ['google', GEMINI],
  ['vertex', VERTEX],
  ['vertexai', VERTEX],
  ['bedrock', BEDROCK],
  ['deepseek', DEEPSEEK],
  ['openrouter', OPENROUTER],
  ['groq', GROQ],
  ['mistral', MISTRAL],
  ['xai', XAI],
  ['grok', XAI],
  ['ollama', OLLAMA],
  ['ollama-native', OLLAMA_NATIVE],
  ['demo', DEMO],
])

/**
 * What the name tells of a provider, in any case of letters; an unknown name is one that speaks Chat Completions somewhere.
 *
 * @param protocol what it is configured to speak, if that is known: one that is not the usual of this name has another
 *   way of taking its key, and nothing else that is known of the name holds for it.
 */
export function describeProvider(name: string, protocol?: ProtocolName): KnownProvider {
  const known = KNOWN_PROVIDERS.get(name.toLowerCase()) ?? GENERIC
  if (protocol === undefined || protocol === known.protocol) return known
  const native = KNOWN_PROVIDERS.get(`${name.toLowerCase()}-native`)
  if (native?.protocol === protocol) return native
  const speaker = [...KNOWN_PROVIDERS.values()].find((provider) => provider.protocol === protocol)
  return { ...known, protocol, auth: speaker?.auth ?? known.auth, facts: {} }
}
