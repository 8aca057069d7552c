/** From the start of a hub with 30 servers, none of which runs, to its first list: everything comes from the database (M77). */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createUpstreamServers } from '../../src/mcp/upstream/upstream-servers.ts'
import { openStore } from '../../src/store/open-store.ts'
import { fillKnownServers } from '../support/mcp-upstream/known-servers.ts'

const SERVERS = 30
const ROUNDS = 20

const rows: Record<string, Record<string, string>> = {}
for (const toolsEach of [5, 20, 100]) {
  const directory = mkdtempSync(join(tmpdir(), 'interlingua-bench-'))
  const filled = openStore({ directory })
  filled.transaction(() => fillKnownServers(filled, SERVERS, toolsEach, '/nonexistent'))
  filled.close()
  const opens: number[] = []
  const lists: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const store = openStore({ directory })
    const begun = performance.now()
    const servers = createUpstreamServers({
      store,
      version: '0',
      instanceId: 'bench',
      environment: {},
      warn: () => {},
    })
    const opened = performance.now()
    const rules = servers.rulesOf(undefined)
    const tools = rules === undefined ? [] : servers.view(rules, servers.catalogueOf).lists.tools
    const text = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { tools } })
    const listed = performance.now()
    if (tools.length !== SERVERS * toolsEach || text === '') throw new Error('tools are missing')
    opens.push(opened - begun)
    lists.push(listed - begun)
    await servers.close()
    store.close()
  }
  rmSync(directory, { recursive: true })
  rows[`${SERVERS} servers, ${toolsEach} tools each`] = {
    'ready (ms, median)': median(opens),
    'first list (ms, median)': median(lists),
    'slowest (ms)': Math.max(...lists).toFixed(1),
    'wanted (ms)': '50',
  }
}
console.table(rows)

function median(values: readonly number[]): string {
  return ([...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0).toFixed(1)
}
