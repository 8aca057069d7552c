/** One thing that a target could not be told, or was told differently. */
export interface Loss {
  /** Where it stood: dotted path in the neutral request or answer, such as `messages.2.parts.0`. */
  readonly path: string
  /** What the target lacks, in a few words for a person. */
  readonly reason: string
  /** `dropped`: the target never hears of it; `changed`: it hears something near. */
  readonly effect: 'dropped' | 'changed'
}

/** Takes note of a loss; `dropped` unless said otherwise. */
export type ReportLoss = (path: string, reason: string, effect?: Loss['effect']) => void

/** A list of losses and the function that adds to it. */
export interface LossList {
  readonly losses: readonly Loss[]
  readonly report: ReportLoss
}

/** Starts an empty list of losses for one translation. What is lost with each piece of a stream is told once. */
export function listLosses(): LossList {
  const losses: Loss[] = []
  const told = new Set<string>()
  return {
    losses,
    report: (path, reason, effect = 'dropped') => {
      const key = `${effect} ${path} ${reason}`
      if (told.has(key)) return
      told.add(key)
      losses.push({ path, reason, effect })
    },
  }
}
