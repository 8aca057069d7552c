/** What the start tells a person: which URL to paste where. */
import type { Codec } from '../../protocols/codec.ts'

export interface BannerFacts {
  readonly version: string
  /** Without a slash at the end. */
  readonly url: string
  /** Those that serve. */
  readonly groups: readonly string[]
  readonly defaultGroup: string
  readonly codecs: readonly Codec[]
  /** It listens beyond this machine. */
  readonly isOpen: boolean
  /** There are keys of its own, and clients must send one. */
  readonly asksForKey: boolean
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
    `  MCP clients: ${url}/mcp, or ${url}/GROUP/mcp for the servers of one group.`,
    `  The group that is active now is at ${url}/switch.`,
    ...describeKeys(facts).map((line) => `  ${line}`),
    '',
  ].join('\n')
}

function describeKeys({ asksForKey, isOpen }: BannerFacts): readonly string[] {
  if (asksForKey) return ['A key is asked for: clients send one of those that this gateway was given.']
  const anyKey = 'A key is not asked for; where a client wants one, any will do.'
  return isOpen
    ? [anyKey, 'Without a key only programs of this machine are served, whatever address is listened on.']
    : [anyKey]
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
