/** How a model calls tools: by its protocol, or in words that are taught and understood here. */
import type { Target } from '../providers/target.ts'
import type { Exchange } from './exchange.ts'
import type { ToolRefusals } from './tool-refusals.ts'

export interface ToolCalling {
  /** Tools are told in the prompt. */
  readonly byPrompt: boolean
  /** Calls that a model writes as text though it was given its tools by the protocol are calls all the same. */
  readonly catchesLeaks: boolean
}

/**
 * The group's mode decides; where it leaves it open the path does, then what is known of the model, then what its back end has
 * said of it before. The same answer shapes the request and reads the reply (defect 2).
 */
export function chooseCalling({ record, compat }: Exchange, target: Target, refusals: ToolRefusals): ToolCalling {
  const mode = record.resolution?.group.toolMode ?? 'auto'
  if (mode === 'native') return { byPrompt: false, catchesLeaks: false }
  if (mode === 'compat' || compat) return { byPrompt: true, catchesLeaks: false }
  if (target.facts.capabilities?.tools === false || refusals.has(target)) return { byPrompt: true, catchesLeaks: false }
  return { byPrompt: false, catchesLeaks: true }
}
