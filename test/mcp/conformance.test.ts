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

/** Over other transports, in one era only, under groups and with a key: `npm run mcp-conformance`. */
describe('mcp, the official conformance suite', function () {
  this.timeout(180_000)
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  it('M118-M121: all scenarios that both revisions require pass through the gateway', async () => {
    const gateway = await startMcpGateway(closing, {
      mcpServers: { fixture: await configureFixture(closing, 'stdio', 'both') },
    })
    for (const [revision, count] of REQUIRED) {
      const { passed, failed } = await runSuite(`${gateway.url}/mcp`, revision)
      expect(failed).to.deep.equal([])
      expect(passed).to.have.length(count)
    }
  })
})
