/** How much a model is to think, as a word. */

const FROM_LITTLE_TO_MUCH = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** The effort that this model knows and that is nearest to the wanted one, the lower of two; nothing for a word of no known rank. */
export function nearestEffort(wanted: string, known: readonly string[] | undefined): string | undefined {
  if (known === undefined || known.includes(wanted)) return wanted
  const rank = FROM_LITTLE_TO_MUCH.indexOf(wanted)
  if (rank < 0) return undefined
  // "Do not think" is no small effort: it is said to models that know it, and to no others.
  const choices = known.filter((effort) => FROM_LITTLE_TO_MUCH.includes(effort) && (effort !== 'none' || rank === 0))
  const distance = (effort: string) => Math.abs(FROM_LITTLE_TO_MUCH.indexOf(effort) - rank)
  return choices.reduce<string | undefined>(
    (nearest, effort) => (nearest === undefined || distance(effort) < distance(nearest) ? effort : nearest),
    undefined,
  )
}

/** Budgets below which a model is asked for little or medium effort: what the vendors' own tables come to. */
const LOW_BELOW_TOKENS = 4_096
const MEDIUM_BELOW_TOKENS = 16_384

export function effortOfBudget(budgetTokens: number): string {
  if (budgetTokens < LOW_BELOW_TOKENS) return 'low'
  return budgetTokens < MEDIUM_BELOW_TOKENS ? 'medium' : 'high'
}
