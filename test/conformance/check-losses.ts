/** A caller is told of what was lost on the way to the back end, and of nothing that was not. */
import { expect } from 'chai'
import { UNKNOWN } from './ask.ts'
import type { Scenario } from './scenario.ts'

/** Paths of the request; what an answer loses is no matter of what was asked. */
const OF_REQUEST = /^(messages|tools|toolChoice|parallelToolCalls|settings)\b/

/** @param told paths of the losses that were reported. */
export function checkLosses(told: readonly string[], { ask, mayTell }: Scenario, crossing: boolean): void {
  const alarms = told.filter((path) => OF_REQUEST.test(path) && (mayTell === undefined || !path.endsWith(mayTell)))
  expect(alarms, 'losses that are none').to.deep.equal([])
  if (ask.unknown !== undefined && crossing) expect(told, 'told of').to.include(UNKNOWN)
}
