/** What a group does to the requests that go through it. Shared by the file, the management API, the registry and the gateway. */
import type { ChatSettings } from '../../protocols/ir/request.ts'

/** How the targets of one alias or route take turns within one priority. */
export type BalancingStrategy = 'weighted' | 'round-robin' | 'priority' | 'least-busy' | 'sticky'

/** Text that a group adds to the instructions of a request. */
export interface PromptInjection {
  /** `enhance` adds to what the client said, `replace` stands instead of it. */
  readonly mode: 'enhance' | 'replace'
  /** `system`: behind the client's own instructions; `user`: before its last message. */
  readonly position: 'system' | 'user'
  readonly text: string
  /** Patterns of names as the client asks for them; absent: every model. */
  readonly models?: readonly string[]
}

/** One text of the instructions that is exchanged for another wherever it stands. */
export interface PromptReplacement {
  readonly find: string
  readonly replace: string
}

/** How far the gateway goes in running its own MCP tools for a model, within one request. */
export interface ServerToolLimits {
  /** Answers of the model in which it may call tools. */
  readonly maxSteps: number
  /** All calls together. */
  readonly timeoutMs: number
  /** Tokens that are read and written in all steps together; absent: no bound. */
  readonly maxTokens?: number
}

/** Every setting that is absent leaves the request as it is. */
export interface GroupPolicy {
  /** Patterns of the names that may be asked for; absent: all. */
  readonly allowedModels?: readonly string[]
  readonly strategy?: BalancingStrategy
  /** Fill in what request and route leave open. */
  readonly parameters?: Partial<ChatSettings>
  readonly prompt?: PromptInjection
  readonly promptReplacements?: readonly PromptReplacement[]
  /** Patterns of the names of tools that no model is told of. */
  readonly toolFilter?: readonly string[]
  /** Multiplies the client's temperature; above 0. */
  readonly temperatureRatio?: number
  /** Requests with more tokens than this are refused. */
  readonly maxContextTokens?: number
  /** What a call that stays invalid gets in compat mode: one retry that the client does not see, or its best effort. */
  readonly invalidToolCalls?: 'retry' | 'pass'
  /** Where models are told of tools in compat mode: behind the instructions, or before the first message of the user. Absent: `system`. */
  readonly toolPrompt?: 'system' | 'user'
  /** Models are offered the MCP tools of the group, which the gateway runs for them; absent: they are not. */
  readonly serverTools?: ServerToolLimits
  /** Written last into the body for the back end, at its top level. */
  readonly bodyParameters?: Readonly<Record<string, unknown>>
  /** Sent to the back end with every request; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The four routes that act by what a request is, beside those that act by its model's name. */
export type SpecialRoute = 'default' | 'longContext' | 'background' | 'think'
