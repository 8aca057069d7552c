/** Reads made-up answers, a million unless told otherwise: `npm run toolcall-fuzz 10000`. */
import fc from 'fast-check'
import { PROPERTIES } from '../test/toolcall/properties.ts'

const ROUND = 20_000
const wanted = Number(process.argv[2] ?? 1_000_000)
const properties = Object.entries(PROPERTIES)
let done = 0
let seed = Date.now()
while (done < wanted) {
  const numRuns = Math.min(ROUND, Math.ceil((wanted - done) / properties.length))
  for (const [title, property] of properties) {
    seed++
    // The union of properties of different shapes has no call signature of its own.
    const result = fc.check(property as fc.IProperty<unknown>, { numRuns, seed })
    if (result.failed) {
      console.error(`${title}\n${fc.defaultReportMessage(result)}`)
      process.exit(1)
    }
    done += numRuns
  }
  console.log(`${done} answers read`)
}
