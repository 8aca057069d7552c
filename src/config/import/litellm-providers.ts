/** The providers of LiteLLM's configuration, where each model says anew where it is and with which key. */
import type { WrittenProvider } from '../provider-notation.ts'
import type { WrittenTarget } from '../target-notation.ts'
import { type Members, readText } from './read-member.ts'
import { splitEndpoint } from './split-endpoint.ts'

/** Its name of a provider, to ours and what has to be said with it. */
const PROVIDERS: Readonly<Record<string, Omit<WrittenProvider, 'api_key'>>> = {
  openai: { name: 'openai' },
  anthropic: { name: 'anthropic' },
  gemini: { name: 'gemini' },
  deepseek: { name: 'deepseek' },
  openrouter: { name: 'openrouter' },
  groq: { name: 'groq' },
  mistral: { name: 'mistral' },
  xai: { name: 'xai' },
  ollama: { name: 'ollama-native' },
  ollama_chat: { name: 'ollama-native' },
  azure: { name: 'azure' },
  together_ai: { name: 'together' },
  fireworks_ai: { name: 'fireworks' },
  cerebras: { name: 'cerebras' },
  moonshot: { name: 'moonshot' },
  dashscope: { name: 'qwen' },
  hosted_vllm: { name: 'vllm' },
  vllm: { name: 'vllm' },
  lm_studio: { name: 'lmstudio' },
  openai_like: { name: 'openai-like', protocol: 'openai-chat' },
  custom_openai: { name: 'openai-like', protocol: 'openai-chat' },
}

/** A model without a provider's name before it. */
const GUESSES: readonly (readonly [RegExp, string])[] = [
  [/^(gpt|o\d|chatgpt|text-embedding)/, 'openai'],
  [/^claude/, 'anthropic'],
]

export interface ProviderTable {
  /** @returns where these parameters lead, or why they lead nowhere. */
  add(parameters: Members): { readonly target: Exclude<WrittenTarget, string> } | { readonly reason: string }
  list(): readonly WrittenProvider[]
}

/** One of ours for each combination of provider, address and key; the second of a name is `openai-2`. */
export function createProviderTable(): ProviderTable {
  const known = new Map<string, WrittenProvider & { readonly models: string[] }>()
  return {
    list: () => [...known.values()],
    add(parameters) {
      const model = splitModel(parameters)
      if (model === undefined) return { reason: 'names no provider that there is here' }
      const { provider, name } = model
      const identity = JSON.stringify(provider)
      const taken = [...known.values()].map((one) => one.name)
      const entry = known.get(identity) ?? { ...provider, name: freeName(provider.name, taken), models: [] }
      if (!name.includes('*') && !entry.models.includes(name)) entry.models.push(name)
      known.set(identity, entry)
      return { target: { provider: entry.name, model: name } }
    },
  }
}

function splitModel(parameters: Members): { readonly provider: WrittenProvider; readonly name: string } | undefined {
  const model = readText(parameters['model'])
  if (model === undefined) return undefined
  const sign = model.indexOf('/')
  const prefix = readText(parameters['custom_llm_provider']) ?? (sign > 0 ? model.slice(0, sign) : undefined)
  const guessed = prefix ?? GUESSES.find(([pattern]) => pattern.test(model))?.[1]
  const base = readText(parameters['api_base'])
  const known = findKnown(guessed, base)
  if (known === undefined || (known.name === 'openai-like' && base === undefined)) return undefined
  const key = readText(parameters['api_key'])
  const provider: WrittenProvider = {
    ...known,
    ...(key === undefined ? {} : { api_key: key }),
    ...(base === undefined ? {} : { api_base_url: completeBase(known.name, splitEndpoint(base).baseUrl) }),
  }
  const isPrefixed = sign > 0 && model.slice(0, sign) === prefix
  return { provider, name: isPrefixed ? model.slice(sign + 1) : model }
}

/** What calls itself openai at another address only speaks its protocol. */
function findKnown(name: string | undefined, base: string | undefined): Omit<WrittenProvider, 'api_key'> | undefined {
  const known = PROVIDERS[name ?? '']
  if (base === undefined) return known
  const speaksOnly = known === undefined || (known.name === 'openai' && !base.includes('api.openai.com'))
  return speaksOnly ? PROVIDERS['openai_like'] : known
}

/** It knows Azure by the customer's host alone. */
function completeBase(name: string, base: string): string {
  return name === 'azure' && /^https?:\/\/[^/]+\/?$/.test(base) ? `${base.replace(/\/$/, '')}/openai/v1` : base
}

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted
  for (let turn = 2; taken.includes(name); turn += 1) name = `${wanted}-${turn}`
  return name
}
