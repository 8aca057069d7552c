/** What the start tells a person: which URL to paste where. */
import type { Codec } from '../../protocols/codec.ts'

export interface BannerFacts {
  readonly version: string
  /** Without a slash at the end. */
  readonly url: string
  readonly groups: readonly string[]
  readonly defaultGroup: string
  readonly codecs: readonly Codec[]
  /** It listens beyond this machine. */
  readonly isOpen: boolean
  /** Said when only the demo answers. */
  readonly notice: string | undefined
}

/** Lines for a terminal, the base URLs of each protocol by group. */
export function formatBanner(facts: BannerFacts): string {
  const { url, groups, defaultGroup, codecs } = facts
  // Protocols whose clients are given the same URL share a column.
  const columns = [...Map.groupBy(codecs, (codec) => codec.basePath)]
  const rows = [
    ['group', ...columns.map(([, sharing]) => sharing.map((codec) => codec.title).join(', '))],
    ...groups.map((group) => {
      const base = group === defaultGroup ? url : `${url}/${encodeURIComponent(group)}`
      return [group, ...columns.map(([basePath]) => `${base}${basePath}`)]
    }),
  ]
  const notice = facts.notice === undefined ? [] : ['', `  ${facts.notice}`]
  return [
    `Interlingua ${facts.version}`,
    ...notice,
    '',
    '  Base URLs to paste into a client:',
    ...alignColumns(rows).map((line) => `    ${line}`),
    '',
    '  A key is not asked for; where a client wants one, any will do.',
    `  The group that is active now is at ${url}/switch.`,
    ...(facts.isOpen
      ? ['  Without a key only programs of this machine are served, whatever address is listened on.']
      : []),
    '',
  ].join('\n')
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
