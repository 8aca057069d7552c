import { BACK_ENDS } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { type Bench, startBench } from './bench.ts'
import { CLIENTS } from './clients/all.ts'
import { excuseOf } from './not-by-nature.ts'
import { runCell } from './run-cell.ts'
import { SCENARIOS } from './scenarios.ts'

for (const backEnd of BACK_ENDS) {
  describe(`conformance over ${backEnd.protocol}`, () => {
    const closing = createClosing()
    let bench: Bench
    before(async () => {
      bench = await startBench(closing, backEnd)
    })
    after(() => closing.closeAll())

    for (const client of CLIENTS) {
      for (const scenario of SCENARIOS) {
        const excuse = excuseOf(client.protocol, backEnd.protocol, scenario.name)
        const title =
          excuse === undefined
            ? `serves ${client.sdk}: ${scenario.name}, plain and streamed`
            : `tells ${client.sdk}: ${scenario.name} cannot be, for ${excuse.reason}`
        it(title, async () => {
          const { failures } = await runCell(bench, client, scenario)
          for (const { error } of failures) throw error
        })
      }
    }
  })
}
