/** What is known of a model by its name alone. Only what its vendor documents; what is not here is tried. */
import type { ModelFacts } from '../../protocols/ir/facts.ts'

interface KnownModel {
  /** Names without their date; one that ends with `*` takes every name that begins so. */
  readonly names: readonly string[]
  readonly facts: ModelFacts
}

const THREE_EFFORTS = ['low', 'medium', 'high']
const READS_NO_IMAGES = { tools: true, images: false }
const READS_IMAGES = { tools: true, images: true }
const REASONS = { tools: true, images: true, reasoning: true }

/** Later rows add to earlier ones and go before them, so a family stands above its members. */
const KNOWN_MODELS: readonly KnownModel[] = [
  // Anthropic. The API demands a limit: the default is what its own coding client asks for (trap 114).
  // @see https://docs.anthropic.com/en/docs/about-claude/models/overview
  {
    names: ['claude-*'],
    facts: { issuer: 'anthropic', contextTokens: 200_000, defaultMaxOutputTokens: 32_000, capabilities: READS_IMAGES },
  },
  {
    names: ['claude-3-opus', 'claude-3-sonnet', 'claude-3-haiku'],
    facts: {
      maxOutputTokens: 4096,
      defaultMaxOutputTokens: 4096,
      capabilities: { ...READS_IMAGES, reasoning: false },
    },
  },
  {
    names: ['claude-3-5-sonnet', 'claude-3-5-haiku'],
    facts: {
      maxOutputTokens: 8192,
      defaultMaxOutputTokens: 8192,
      capabilities: { ...READS_IMAGES, reasoning: false },
    },
  },
  {
    names: ['claude-opus-4', 'claude-opus-4-0', 'claude-opus-4-1'],
    facts: { maxOutputTokens: 32_000, capabilities: REASONS },
  },
  {
    names: [
      'claude-3-7-sonnet',
      'claude-sonnet-4',
      'claude-sonnet-4-0',
      'claude-sonnet-4-5',
      'claude-haiku-4-5',
      'claude-opus-4-5',
    ],
    facts: { maxOutputTokens: 64_000, capabilities: REASONS },
  },

  // OpenAI. @see https://platform.openai.com/docs/models
  // Models that reason answer 400 to the older name of the limit, wherever they are served (trap 112).
  {
    names: ['o1', 'o1-*', 'o3', 'o3-*', 'o4-*', 'gpt-5*'],
    facts: { insistsOn: { max_tokens: 'max_completion_tokens' } },
  },
  { names: ['gpt-3.5-turbo'], facts: { contextTokens: 16_385, maxOutputTokens: 4096, capabilities: READS_NO_IMAGES } },
  { names: ['gpt-4'], facts: { contextTokens: 8192, maxOutputTokens: 8192, capabilities: READS_NO_IMAGES } },
  { names: ['gpt-4-turbo'], facts: { contextTokens: 128_000, maxOutputTokens: 4096, capabilities: READS_IMAGES } },
  {
    names: ['gpt-4o', 'gpt-4o-mini'],
    facts: { contextTokens: 128_000, maxOutputTokens: 16_384, capabilities: READS_IMAGES },
  },
  {
    names: ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano'],
    facts: { contextTokens: 1_047_576, maxOutputTokens: 32_768, capabilities: READS_IMAGES },
  },
  {
    names: ['o1', 'o3', 'o4-mini'],
    facts: {
      contextTokens: 200_000,
      maxOutputTokens: 100_000,
      efforts: THREE_EFFORTS,
      capabilities: REASONS,
    },
  },
  {
    names: ['o3-mini'],
    facts: {
      contextTokens: 200_000,
      maxOutputTokens: 100_000,
      efforts: THREE_EFFORTS,
      capabilities: { ...REASONS, images: false },
    },
  },
  {
    names: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano'],
    facts: {
      contextTokens: 400_000,
      maxOutputTokens: 128_000,
      efforts: ['minimal', ...THREE_EFFORTS],
      capabilities: REASONS,
    },
  },

  // Google. @see https://ai.google.dev/gemini-api/docs/models
  {
    names: ['gemini-2.0-*', 'gemini-2.5-*', 'gemini-3*'],
    facts: { issuer: 'gemini', contextTokens: 1_048_576, capabilities: { ...READS_IMAGES, audio: true, files: true } },
  },
  // Links are taken from 2.5 on. @see https://ai.google.dev/gemini-api/docs/file-input-methods
  { names: ['gemini-2.0-*'], facts: { maxOutputTokens: 8192, fetchesUrls: false, capabilities: { reasoning: false } } },
  { names: ['gemini-2.5-*', 'gemini-3*'], facts: { maxOutputTokens: 65_536, capabilities: { reasoning: true } } },

  // DeepSeek. @see https://api-docs.deepseek.com/api/create-chat-completion
  { names: ['deepseek-*'], facts: { replaysReasoning: true, templateSwitch: 'thinking' } },
  { names: ['deepseek-chat', 'deepseek-coder', 'deepseek-reasoner'], facts: { maxOutputTokens: 8192 } },
  // It always thinks, and answers 400 to logprobs then (lesson 40).
  { names: ['deepseek-reasoner'], facts: { refuses: ['logprobs', 'top_logprobs'], capabilities: { reasoning: true } } },

  // Moonshot wants the thoughts of earlier turns back as well (trap 94).
  { names: ['kimi-*'], facts: { replaysReasoning: true, templateSwitch: 'thinking' } },
  { names: ['granite-*'], facts: { templateSwitch: 'thinking' } },

  // They think as much as they are told, whoever serves them. @see https://platform.openai.com/docs/models/gpt-oss-120b
  { names: ['gpt-oss*'], facts: { reasoningMember: 'reasoning_effort', efforts: THREE_EFFORTS } },

  // They write their thoughts into their text where the server does not part the two, as older ones do not (Q26).
  {
    names: ['deepseek-r1*', 'qwq*', 'qwen3*', 'exaone-deep*', 'phi4-reasoning*', 'smallthinker*', 'openthinker*'],
    facts: { thinkTags: true },
  },

  // They answer with vectors and nothing else, wherever they are served.
  {
    names: [
      'text-embedding-*',
      'gemini-embedding-*',
      'nomic-embed-*',
      'mxbai-embed-*',
      'snowflake-arctic-embed*',
      'all-minilm*',
      'bge-*',
      'qwen3-embedding*',
      'embeddinggemma*',
      'voyage-*',
      'mistral-embed*',
      'codestral-embed*',
    ],
    facts: { capabilities: { embedding: true, tools: false } },
  },

  // xAI's reasoning models answer 400 to these. @see https://docs.x.ai/docs/guides/reasoning
  { names: ['grok-4', 'grok-3-mini'], facts: { refuses: ['presence_penalty', 'frequency_penalty', 'stop'] } },
]

/** `-20250514`, `-2024-08-06`, `-latest`. */
const DATE = /-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$/

/**
 * What the name tells of a model, wherever it is served: `gpt-4o-2024-08-06` and a reseller's `openai/gpt-4o` are `gpt-4o`.
 * A name that nobody knows yields no facts.
 */
export function describeModel(name: string): ModelFacts {
  const spelled = normalize(name)
  const undated = spelled.replace(DATE, '')
  let facts: ModelFacts = {}
  for (const row of SPELLED_MODELS) {
    if (row.names.some((pattern) => isNamed(spelled, undated, pattern))) facts = mergeFacts(facts, row.facts)
  }
  return facts
}

/** The two together; where both speak, `nearer` goes before. Renamed fields and capabilities are joined one by one, refused fields add up. */
export function mergeFacts(farther: ModelFacts, nearer: ModelFacts): ModelFacts {
  const merged: { -readonly [Field in keyof ModelFacts]: ModelFacts[Field] } = { ...farther, ...nearer }
  if (farther.capabilities !== undefined && nearer.capabilities !== undefined) {
    merged.capabilities = { ...farther.capabilities, ...nearer.capabilities }
  }
  if (farther.renames !== undefined && nearer.renames !== undefined) {
    merged.renames = { ...farther.renames, ...nearer.renames }
  }
  if (farther.insistsOn !== undefined && nearer.insistsOn !== undefined) {
    merged.insistsOn = { ...farther.insistsOn, ...nearer.insistsOn }
  }
  if (farther.adds !== undefined && nearer.adds !== undefined) merged.adds = { ...farther.adds, ...nearer.adds }
  if (farther.refuses !== undefined && nearer.refuses !== undefined) {
    merged.refuses = [...new Set([...farther.refuses, ...nearer.refuses])]
  }
  return merged
}

/** A reseller's prefix goes, a variant after a colon too; dots and hyphens in versions are the same (`claude-3.5-haiku`). */
function normalize(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase()
  const colon = base.indexOf(':')
  return (colon === -1 ? base : base.slice(0, colon)).replaceAll('.', '-').replaceAll('@', '-')
}

function isNamed(spelled: string, undated: string, pattern: string): boolean {
  return pattern.endsWith('*') ? spelled.startsWith(pattern.slice(0, -1)) : undated === pattern || spelled === pattern
}

/** The table as names are compared, once. */
const SPELLED_MODELS = KNOWN_MODELS.map(({ names, facts }) => ({ names: names.map(normalize), facts }))
