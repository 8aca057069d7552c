/** How the file and the management API write down what a group does to its requests. */
import { parseDuration } from './duration.ts'
import type { BalancingStrategy, GroupPolicy, PromptInjection, ServerToolLimits } from './group-policy.ts'
import { HEADERS_SCHEMA, readHeaders } from './headers-notation.ts'
import { PARAMETERS_SCHEMA, readParameters, type WrittenParameters, writeParameters } from './parameters.ts'

export interface WrittenPolicy {
  readonly models?: readonly string[]
  readonly strategy?: BalancingStrategy
  readonly parameters?: WrittenParameters
  readonly prompt?: WrittenPrompt
  readonly prompt_replacements?: readonly { readonly find: string; readonly replace: string }[]
  readonly tool_filter?: readonly string[]
  readonly temperature_ratio?: number
  readonly max_context_tokens?: number
  readonly invalid_tool_calls?: 'retry' | 'pass'
  readonly tool_prompt?: 'system' | 'user'
  readonly server_tools?: boolean | WrittenServerTools
  readonly body_parameters?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

interface WrittenServerTools {
  readonly max_steps?: number
  readonly timeout?: string
  readonly max_tokens?: number
}

interface WrittenPrompt {
  /** `off` keeps a text in the file without saying it. */
  readonly mode?: PromptInjection['mode'] | 'off'
  readonly position?: PromptInjection['position']
  readonly text?: string
  readonly models?: readonly string[]
}

const PATTERN = { type: 'string', minLength: 1 } as const

/** The part of a group's JSON Schema that is `WrittenPolicy`. */
export const POLICY_PROPERTIES = {
  models: {
    type: 'array',
    items: PATTERN,
    description: 'Patterns of the names that may be asked for; left out: all.',
  },
  strategy: {
    type: 'string',
    enum: ['weighted', 'round-robin', 'priority', 'least-busy', 'sticky'],
    default: 'weighted',
    description: 'How targets of the same priority take turns.',
  },
  parameters: { ...PARAMETERS_SCHEMA, description: 'Fill in what request and route leave open.' },
  prompt: {
    type: 'object',
    description: 'Text added to the instructions of a request.',
    properties: {
      mode: {
        type: 'string',
        enum: ['off', 'enhance', 'replace'],
        default: 'enhance',
        description: 'enhance adds to what the client said, replace stands instead of it.',
      },
      position: {
        type: 'string',
        enum: ['system', 'user'],
        default: 'system',
        description: "system: behind the client's own instructions; user: before its last message.",
      },
      text: { type: 'string', minLength: 1 },
      models: { type: 'array', items: PATTERN, description: 'Only for names like these; left out: for all.' },
    },
    if: { required: ['mode'], properties: { mode: { const: 'off' } } },
    else: { required: ['text'] },
  },
  prompt_replacements: {
    type: 'array',
    description: 'Texts of the instructions that are exchanged for others.',
    items: {
      type: 'object',
      required: ['find', 'replace'],
      properties: { find: { type: 'string', minLength: 1 }, replace: { type: 'string' } },
    },
  },
  tool_filter: { type: 'array', items: PATTERN, description: 'Patterns of the tools that no model is told of.' },
  temperature_ratio: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 100,
    description: "Multiplies the client's temperature.",
  },
  max_context_tokens: { type: 'integer', minimum: 1, description: 'Requests with more tokens are refused.' },
  invalid_tool_calls: {
    type: 'string',
    enum: ['retry', 'pass'],
    description: 'What a tool call that stays invalid in compat mode gets: another try, or its best effort.',
  },
  tool_prompt: {
    type: 'string',
    enum: ['system', 'user'],
    default: 'system',
    description:
      'Where models are told of tools in compat mode: behind the instructions, or before what the user says first.',
  },
  server_tools: {
    type: ['boolean', 'object'],
    description: 'Models are offered the MCP tools of the group; the gateway runs them.',
    properties: {
      max_steps: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 10,
        description: 'Rounds of calls per request.',
      },
      timeout: {
        type: 'string',
        format: 'duration',
        default: '2m',
        description: 'For all calls of a request together.',
      },
      max_tokens: { type: 'integer', minimum: 1, description: 'Of all rounds together, read and written.' },
    },
  },
  body_parameters: { type: 'object', description: 'Written last into the body for the provider, at its top level.' },
  headers: { ...HEADERS_SCHEMA, description: 'Sent to the provider with every request.' },
} as const

/** @param written valid by `POLICY_PROPERTIES`. @returns undefined when nothing is said. */
export function readPolicy(written: WrittenPolicy): GroupPolicy | undefined {
  const policy: GroupPolicy = {
    ...(written.models === undefined ? {} : { allowedModels: written.models }),
    ...(written.strategy === undefined ? {} : { strategy: written.strategy }),
    ...(written.parameters === undefined ? {} : { parameters: readParameters(written.parameters) }),
    ...readPrompt(written.prompt),
    ...(written.prompt_replacements === undefined ? {} : { promptReplacements: written.prompt_replacements }),
    ...(written.tool_filter === undefined ? {} : { toolFilter: written.tool_filter }),
    ...(written.temperature_ratio === undefined ? {} : { temperatureRatio: written.temperature_ratio }),
    ...(written.max_context_tokens === undefined ? {} : { maxContextTokens: written.max_context_tokens }),
    ...(written.invalid_tool_calls === undefined ? {} : { invalidToolCalls: written.invalid_tool_calls }),
    ...(written.tool_prompt === undefined ? {} : { toolPrompt: written.tool_prompt }),
    ...readServerTools(written.server_tools),
    ...(written.body_parameters === undefined ? {} : { bodyParameters: written.body_parameters }),
    ...(written.headers === undefined ? {} : { headers: readHeaders(written.headers) }),
  }
  const saysPromptOff = written.prompt !== undefined
  return Object.keys(policy).length > 0 || saysPromptOff ? policy : undefined
}

/** As the file and the management API tell it; `readPolicy` reads it back. */
export function writePolicy(policy: GroupPolicy): WrittenPolicy {
  if (Object.keys(policy).length === 0) return { prompt: { mode: 'off' } }
  return {
    ...(policy.allowedModels === undefined ? {} : { models: policy.allowedModels }),
    ...(policy.strategy === undefined ? {} : { strategy: policy.strategy }),
    ...(policy.parameters === undefined ? {} : { parameters: writeParameters(policy.parameters) }),
    ...(policy.prompt === undefined ? {} : { prompt: policy.prompt }),
    ...(policy.promptReplacements === undefined ? {} : { prompt_replacements: policy.promptReplacements }),
    ...(policy.toolFilter === undefined ? {} : { tool_filter: policy.toolFilter }),
    ...(policy.temperatureRatio === undefined ? {} : { temperature_ratio: policy.temperatureRatio }),
    ...(policy.maxContextTokens === undefined ? {} : { max_context_tokens: policy.maxContextTokens }),
    ...(policy.invalidToolCalls === undefined ? {} : { invalid_tool_calls: policy.invalidToolCalls }),
    ...(policy.toolPrompt === undefined ? {} : { tool_prompt: policy.toolPrompt }),
    ...(policy.serverTools === undefined ? {} : { server_tools: writeServerTools(policy.serverTools) }),
    ...(policy.bodyParameters === undefined ? {} : { body_parameters: policy.bodyParameters }),
    ...(policy.headers === undefined ? {} : { headers: policy.headers }),
  }
}

function readServerTools(written: WrittenPolicy['server_tools']): Pick<GroupPolicy, 'serverTools'> {
  if (written === undefined || written === false) return {}
  const { max_steps: maxSteps = 10, timeout = '2m', max_tokens: maxTokens } = written === true ? {} : written
  const limits = { maxSteps, timeoutMs: parseDuration(timeout) }
  return { serverTools: maxTokens === undefined ? limits : { ...limits, maxTokens } }
}

function writeServerTools({ maxSteps, timeoutMs, maxTokens }: ServerToolLimits): WrittenServerTools {
  const written = { max_steps: maxSteps, timeout: `${timeoutMs}ms` }
  return maxTokens === undefined ? written : { ...written, max_tokens: maxTokens }
}

function readPrompt(written: WrittenPrompt | undefined): Pick<GroupPolicy, 'prompt'> {
  if (written === undefined || written.mode === 'off' || written.text === undefined) return {}
  const { mode = 'enhance', position = 'system', text, models } = written
  return { prompt: { mode, position, text, ...(models === undefined ? {} : { models }) } }
}
