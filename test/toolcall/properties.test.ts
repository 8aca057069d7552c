import fc from 'fast-check'
import { PROPERTIES } from './properties.ts'

describe('answers of any kind, read for tool calls', function () {
  this.timeout(60_000)
  for (const [title, property] of Object.entries(PROPERTIES)) {
    it(title, () => {
      // The union of properties of different shapes has no call signature of its own.
      fc.assert(property as fc.IProperty<unknown>, { numRuns: 1500 })
    })
  }
})
