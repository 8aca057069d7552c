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
  {
    names: ['cerebras'],
    baseUrl: 'https://api.cerebras.ai/v1',
    keyVariables: ['CEREBRAS_API_KEY'],
    // @see https://inference-docs.cerebras.ai/resources/openai
    facts: { renames: {}, refuses: ['frequency_penalty', 'presence_penalty', 'logit_bias', 'service_tier'] },
  },
  {
    names: ['siliconflow'],
    baseUrl: 'https://api.siliconflow.cn/v1',
    keyVariables: ['SILICONFLOW_API_KEY'],
    facts: { reasoningMember: 'enable_thinking' },
  },
  {
    names: ['minimax'],
    baseUrl: 'https://api.minimax.io/v1',
    keyVariables: ['MINIMAX_API_KEY'],
    // Thoughts apart from the answer, instead of as tags in its text (lesson 43); a turn with calls must come back with them.
    // @see https://platform.minimax.io/docs/api-reference/text-openai-api
    facts: { adds: { reasoning_split: true }, replaysReasoning: true, renames: {} },
  },
  {
    names: ['sensenova'],
    baseUrl: 'https://token.sensenova.cn/v1',
    keyVariables: ['SENSENOVA_API_KEY'],
    // It refuses every field that is not in its table, and efforts above `high` (lesson 41). @see https://platform.sensenova.cn/docs
    facts: {
      efforts: ['low', 'medium', 'high'],
      refuses: [
        'response_format',
        'logit_bias',
        'logprobs',
        'top_logprobs',
        'user',
        'store',
        'metadata',
        'service_tier',
        'verbosity',
        'prompt_cache_key',
        'safety_identifier',
      ],
    },
  },
  {
    names: ['perplexity'],
    baseUrl: 'https://api.perplexity.ai',
    keyVariables: ['PERPLEXITY_API_KEY', 'PPLX_API_KEY'],
    // It searches by itself, and calls no tools of others. @see https://docs.perplexity.ai/docs/sonar/openai-compatibility
    facts: {
      efforts: ['minimal', 'low', 'medium', 'high'],
      capabilities: { tools: false },
      refuses: ['stop', 'logit_bias', 'logprobs', 'top_logprobs', 'seed', 'service_tier', 'n'],
    },
  },
  {
    names: ['qwen', 'dashscope'],
    baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    keyVariables: ['DASHSCOPE_API_KEY'],
    // Its open models think unless told not to, and answer 400 where that is not streamed (lesson 39).
    facts: { thinksUnforced: true, thinksOnlyStreaming: true, reasoningMember: 'enable_thinking' },
  },
  {
    names: ['modelscope'],
    baseUrl: 'https://api-inference.modelscope.cn/v1',
    keyVariables: ['MODELSCOPE_API_KEY'],
    facts: { thinksOnlyStreaming: true, reasoningMember: 'enable_thinking' },
  },
  {
    names: ['nvidia', 'nim'],
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    keyVariables: ['NVIDIA_API_KEY'],
    // Thoughts are switched by variables of the chat template, which differ from model to model; other words for them
    // are refused (lesson 42). @see https://build.nvidia.com/z-ai/glm5/modelcard
    facts: { reasoningMember: 'chat_template_kwargs', ownDialect: true },
  },
  {
    names: ['zhipu', 'glm', 'zai'],
    baseUrl: 'https://api.z.ai/api/paas/v4',
    keyVariables: ['ZAI_API_KEY', 'ZHIPUAI_API_KEY'],
    facts: { reasoningMember: 'thinking' },
  },
  {
    names: ['moonshot', 'kimi'],
    baseUrl: 'https://api.moonshot.ai/v1',
    keyVariables: ['MOONSHOT_API_KEY'],
    // A turn with calls must come back with what was thought before them (trap 94).
    // Pictures come as bytes or as names of files uploaded there.
    facts: { replaysReasoning: true, thinksUnforced: true, reasoningMember: 'thinking', fetchesUrls: false },
  },
  // Whether this one fetches pictures depends on how it was built.
  {
    names: ['llama.cpp', 'llamacpp'],
    baseUrl: 'http://127.0.0.1:8080/v1',
    keyVariables: [],
    facts: { fetchesUrls: false },
  },
  { names: ['vllm'], baseUrl: 'http://127.0.0.1:8000/v1', keyVariables: [] },
  {
    names: ['lmstudio', 'lm-studio'],
    baseUrl: 'http://127.0.0.1:1234/v1',
    keyVariables: [],
    facts: { fetchesUrls: false },
  },
]
