/** Vendors and servers whose API is a copy of Chat Completions: a row each. */
import type { ModelFacts } from '../../protocols/ir/facts.ts'

export interface CompatibleProvider {
  /** Names by which people call it, lower case. */
  readonly names: readonly string[]
  readonly baseUrl: string
  /** Environment variables that hold its key; none: a server of one's own that asks for no key. */
  readonly keyVariables: readonly string[]
  readonly facts?: ModelFacts
}

/** Addresses as the vendors' own documentation gives them, with the version that their API has. */
export const COMPATIBLE_PROVIDERS: readonly CompatibleProvider[] = [
  { names: ['together'], baseUrl: 'https://api.together.xyz/v1', keyVariables: ['TOGETHER_API_KEY'] },
  { names: ['fireworks'], baseUrl: 'https://api.fireworks.ai/inference/v1', keyVariables: ['FIREWORKS_API_KEY'] },
  { names: ['cerebras'], baseUrl: 'https://api.cerebras.ai/v1', keyVariables: ['CEREBRAS_API_KEY'] },
  { names: ['siliconflow'], baseUrl: 'https://api.siliconflow.cn/v1', keyVariables: ['SILICONFLOW_API_KEY'] },
  { names: ['minimax'], baseUrl: 'https://api.minimax.io/v1', keyVariables: ['MINIMAX_API_KEY'] },
  {
    names: ['qwen', 'dashscope'],
    baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    keyVariables: ['DASHSCOPE_API_KEY'],
  },
  {
    names: ['zhipu', 'glm', 'zai'],
    baseUrl: 'https://api.z.ai/api/paas/v4',
    keyVariables: ['ZAI_API_KEY', 'ZHIPUAI_API_KEY'],
  },
  {
    names: ['moonshot', 'kimi'],
    baseUrl: 'https://api.moonshot.ai/v1',
    keyVariables: ['MOONSHOT_API_KEY'],
    // A turn with calls must come back with what was thought before them (trap 94).
    facts: { replaysReasoning: true },
  },
  { names: ['llama.cpp', 'llamacpp'], baseUrl: 'http://127.0.0.1:8080/v1', keyVariables: [] },
  { names: ['vllm'], baseUrl: 'http://127.0.0.1:8000/v1', keyVariables: [] },
  { names: ['lmstudio', 'lm-studio'], baseUrl: 'http://127.0.0.1:1234/v1', keyVariables: [] },
]
