import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type Closing, createClosing } from '../support/close-all.ts'
import { configureFixture } from '../support/mcp/fixture-program.ts'
import { startMcpGateway } from '../support/mcp/mcp-gateway.ts'
import { runSuite } from '../support/mcp/run-suite.ts'

/** How many scenarios each revision requires. */
const REQUIRED = [
  ['2025-11-25', 30],
  ['2026-07-28', 37],
] as const

/** Scenarios that look at streams and refusals, and at no message as such. */
const WITHOUT_SCHEMA = ['dns-rebinding-protection', 'server-sse-multiple-streams', 'server-stateless']

const FIXTURE_WITH_TASKS = fileURLToPath(new URL('../../../shared/mcp/own-fixture.mjs', import.meta.url))

/** Over other transports, in one era only, under groups and with a key: `npm run mcp-conformance`. */
describe('mcp, the official conformance suite', function () {
  this.timeout(180_000)
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  it('M118, M119, M121: all scenarios that both revisions require pass through the gateway, each message by the schema', async () => {
    const gateway = await startMcpGateway(closing, {
      mcpServers: { fixture: await configureFixture(closing, 'stdio', 'both') },
    })
    for (const [revision, count] of REQUIRED) {
      const { passed, failed, schema, exitCode } = await runSuite(`${gateway.url}/mcp`, revision)
      expect(failed).to.deep.equal([])
      expect(passed).to.have.length(count)
      expect(exitCode).to.equal(0)
      expect(schema.failed).to.deep.equal([])
      expect(passed.filter((scenario) => !schema.passed.includes(scenario))).to.have.members(
        WITHOUT_SCHEMA.filter((scenario) => passed.includes(scenario)),
      )
    }
  })

  it('M120: those that do not count pass as well, tasks among them', async function () {
    // Ours knows nothing of tasks.
    if (!existsSync(FIXTURE_WITH_TASKS)) this.skip()
    const gateway = await startMcpGateway(closing, {
      mcpServers: { fixture: { command: process.execPath, args: [realpathSync(FIXTURE_WITH_TASKS), '--stdio'] } },
    })
    const unscored: string[] = []
    for (const [revision] of REQUIRED) {
      const result = await runSuite(`${gateway.url}/mcp`, revision)
      expect([...result.failed, ...result.unscored.failed]).to.deep.equal([])
      unscored.push(...result.unscored.passed)
    }
    expect(unscored).to.include.members([
      'server-session-lifecycle',
      'json-schema-2020-12',
      'server-sse-polling',
      'http-header-validation',
      'http-custom-header-server-validation',
    ])
    expect(unscored.filter((scenario) => scenario.startsWith('tasks-'))).to.have.length(10)
  })

  it('M97: before a server of the old era two scenarios of 37 cannot pass; before a new one old clients lose none of 30', async () => {
    const [[legacy, ofLegacy], [revision]] = REQUIRED
    const start = async (era: 'legacy' | 'modern') =>
      startMcpGateway(closing, { mcpServers: { fixture: await configureFixture(closing, 'stdio', era) } })
    const before = await runSuite(`${(await start('legacy')).url}/mcp`, revision)
    expect(before.passed).to.have.length(35)
    // It does not say which capability it missed; its questions have no names.
    expect(before.failed.map((line) => line.split(':')[0])).to.have.members([
      'server-stateless',
      'input-required-result-basic-elicitation',
    ])
    expect((await runSuite(`${(await start('modern')).url}/mcp`, legacy)).passed).to.have.length(ofLegacy)
  })
})
