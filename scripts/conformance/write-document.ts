/** Runs the whole matrix and writes what came of it to docs/conformance.md. */
import { writeFile } from 'node:fs/promises'
import { BACK_ENDS, type BackEnd } from '../../test/clients/back-ends.ts'
import { startBench } from '../../test/conformance/bench.ts'
import { CLIENTS } from '../../test/conformance/clients/all.ts'
import type { Client } from '../../test/conformance/clients/client.ts'
import { NOT_BY_NATURE, type NotByNature } from '../../test/conformance/not-by-nature.ts'
import { runCell } from '../../test/conformance/run-cell.ts'
import type { Scenario } from '../../test/conformance/scenario.ts'
import { SCENARIOS } from '../../test/conformance/scenarios.ts'
import { createClosing } from '../../test/support/close-all.ts'
import { reasonOf } from './reason.ts'

const FILE = new URL('../../docs/conformance.md', import.meta.url)

interface Cell {
  readonly client: Client
  readonly backEnd: BackEnd
  readonly scenario: Scenario
  readonly excuse?: NotByNature | undefined
  /** Of each way that failed. */
  readonly failures: readonly string[]
}

/** @returns how many cells fail. */
export async function writeDocument(): Promise<number> {
  const started = Date.now()
  const cells: Cell[] = []
  for (const backEnd of BACK_ENDS) cells.push(...(await runBackEnd(backEnd)))
  await writeFile(FILE, documentOf(cells))
  const counts = countsOf(cells)
  console.log(`${counts.text} in ${((Date.now() - started) / 1000).toFixed(1)} s; see docs/conformance.md`)
  for (const line of failuresOf(cells)) console.log(line)
  return counts.failing
}

async function runBackEnd(backEnd: BackEnd): Promise<Cell[]> {
  const closing = createClosing()
  try {
    const bench = await startBench(closing, backEnd)
    const cells: Cell[] = []
    for (const client of CLIENTS) {
      for (const scenario of SCENARIOS) {
        const { excuse, failures } = await runCell(bench, client, scenario)
        const told = failures.map(({ way, error }) => `${way}: ${reasonOf(error)}`)
        cells.push({ client, backEnd, scenario, excuse, failures: told })
      }
    }
    return cells
  } finally {
    await closing.closeAll()
  }
}

function markOf({ excuse, failures }: Cell): string {
  return failures.length > 0 ? '✗' : excuse === undefined ? '✓' : '–'
}

function countsOf(cells: readonly Cell[]): { failing: number; text: string } {
  const count = (mark: string) => cells.filter((cell) => markOf(cell) === mark).length
  return { failing: count('✗'), text: `${count('✓')} hold, ${count('✗')} fail, ${count('–')} cannot be by nature` }
}

function failuresOf(cells: readonly Cell[]): string[] {
  return cells
    .filter(({ failures }) => failures.length > 0)
    .map(
      ({ client, backEnd, scenario, failures }) =>
        `- ${client.sdk} over ${backEnd.protocol}, ${scenario.name}: ${failures.join('; ')}`,
    )
}

function documentOf(cells: readonly Cell[]): string {
  const failures = failuresOf(cells)
  return `${[
    '# Conformance',
    '',
    '<!-- Written by `npm run conformance`; change test/conformance/ instead. -->',
    '',
    `Official clients against every kind of back end, each cell plain and streamed: ${countsOf(cells).text}.`,
    'What a client sees at the end must be what the model said; what arrives at the back end must be what was asked, read there by hand after',
    "the vendor's own reference, with no member that its protocol does not have. Nothing is lost without being told, and nothing is told that was not lost.",
    '',
    '## Clients and back ends',
    '',
    ...summaryOf(cells),
    '',
    '## Scenarios',
    '',
    `One mark for each back end, in this order: ${BACK_ENDS.map(({ protocol }) => protocol).join(', ')}. ✓ holds, ✗ fails, – cannot be by nature.`,
    '',
    ...scenariosOf(cells),
    '',
    '## What cannot be by nature',
    '',
    'Where it is the back end that has no words for it, the client is told of the loss.',
    '',
    ...natureOf(),
    '',
    '## What fails',
    '',
    ...(failures.length === 0 ? ['Nothing.'] : failures),
  ].join('\n')}\n`
}

function summaryOf(cells: readonly Cell[]): string[] {
  const rows = CLIENTS.map((client) => [
    client.sdk,
    ...BACK_ENDS.map((backEnd) => {
      const own = cells.filter((cell) => cell.client === client && cell.backEnd === backEnd)
      const possible = own.filter((cell) => markOf(cell) !== '–')
      return `${possible.filter((cell) => markOf(cell) === '✓').length} of ${possible.length}`
    }),
  ])
  return tableOf(['client', ...BACK_ENDS.map(({ protocol }) => protocol)], rows)
}

function scenariosOf(cells: readonly Cell[]): string[] {
  const rows = SCENARIOS.map((scenario) => [
    scenario.name,
    ...CLIENTS.map((client) =>
      cells
        .filter((cell) => cell.scenario === scenario && cell.client === client)
        .map(markOf)
        .join(' '),
    ),
  ])
  return tableOf(['scenario', ...CLIENTS.map(({ sdk }) => sdk)], rows)
}

function natureOf(): string[] {
  const rows = NOT_BY_NATURE.map(({ clients, backEnds, scenarios, reason }) => [
    clients?.join(', ') ?? 'every',
    backEnds?.join(', ') ?? 'every',
    scenarios.join(', '),
    reason,
  ])
  return tableOf(['client', 'back end', 'scenario', 'for'], rows)
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
}
