/** A scenario both ways, plain and streamed, which must come to the same. */
import { expect } from 'chai'
import type { Bench, Run } from './bench.ts'
import type { Client } from './clients/client.ts'
import type { NotByNature } from './not-by-nature.ts'
import type { Scenario } from './scenario.ts'

export interface Outcome {
  readonly excuse?: NotByNature | undefined
  /** What went wrong, by the way in which it was asked. */
  readonly failures: readonly { readonly way: string; readonly error: unknown }[]
}

export async function runCell(bench: Bench, client: Client, scenario: Scenario): Promise<Outcome> {
  const failures: { way: string; error: unknown }[] = []
  const attempt = async (way: string, work: () => Promise<Run> | undefined): Promise<Run | undefined> => {
    try {
      return await work()
    } catch (error) {
      failures.push({ way, error })
      return undefined
    }
  }
  const plain = await attempt('plain', () => bench.run(client, scenario, false))
  const streamed = await attempt('streamed', () => bench.run(client, scenario, true))
  await attempt('both', () => {
    if (plain === undefined || streamed === undefined || scenario.breaksOff === true) return undefined
    expect(sorted(streamed), 'losses told of a stream').to.deep.equal(sorted(plain))
    return undefined
  })
  return { excuse: plain?.excuse, failures }
}

function sorted({ lost }: Run): string[] {
  return [...new Set(lost)].sort()
}
