/** What a vendor of a protocol calls by other names, and what it refuses. */
import type { ModelFacts } from './facts.ts'
import type { ReportLoss } from './loss.ts'

/**
 * The wire as this vendor takes it: members that it refuses are left out and reported, others bear its names.
 *
 * @param sources where a member of the wire comes from, for those whose name in the interlingua differs.
 */
export function fitVendor(
  wire: Readonly<Record<string, unknown>>,
  { renames = {}, refuses = [] }: ModelFacts,
  sources: Readonly<Record<string, string>>,
  report: ReportLoss,
): Record<string, unknown> {
  const fitted: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(wire)) {
    const called = Object.hasOwn(renames, name) ? (renames[name] ?? name) : name
    if (refuses.includes(called)) report(sources[name] ?? name, `this provider refuses ${called}`)
    else fitted[called] = value
  }
  return fitted
}
