/** `max_tokens`, which the Messages API demands of every request (trap 114). */
import type { ModelFacts } from '../ir/facts.ts'
import type { ReportLoss } from '../ir/loss.ts'

/** What every model of this protocol can write, where nobody knows more. */
const USUAL_MAX_TOKENS = 4096

/** What the client asked for, else the model's default; never more than the model writes. */
export function chooseMaxTokens(asked: number | undefined, facts: ModelFacts, report: ReportLoss): number {
  const ceiling = facts.maxOutputTokens ?? Number.POSITIVE_INFINITY
  if (asked === undefined) return Math.min(facts.defaultMaxOutputTokens ?? USUAL_MAX_TOKENS, ceiling)
  if (asked <= ceiling) return asked
  report('settings.maxOutputTokens', `lowered to ${ceiling}, the most that this model writes`, 'changed')
  return ceiling
}
