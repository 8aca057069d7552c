/** Cells that cannot work, whoever stands between: one side has no words for what the other says. */

export interface NotByNature {
  /** Absent: whichever. */
  readonly clients?: readonly string[]
  readonly backEnds?: readonly string[]
  readonly scenarios: readonly string[]
  readonly reason: string
}

export const NOT_BY_NATURE: readonly NotByNature[] = []

/** @returns the row that excuses a cell. A client's own lack comes first: then there is nothing to send. */
export function excuseOf(client: string, backEnd: string, scenario: string): NotByNature | undefined {
  const rows = NOT_BY_NATURE.filter(
    ({ clients, backEnds, scenarios }) =>
      (clients === undefined || clients.includes(client)) &&
      (backEnds === undefined || backEnds.includes(backEnd)) &&
      scenarios.includes(scenario),
  )
  return rows.find(({ clients }) => clients !== undefined) ?? rows[0]
}
