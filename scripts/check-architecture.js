/** Runs the table of `.dependency-cruiser.cjs` over protocols and src, and fails when it saw no modules at all. */
import { fileURLToPath } from 'node:url'
import { cruise } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'

// Without a TypeScript that it understands the tool sees next to nothing and is content.
const LEAST_MODULES = 30

const config = fileURLToPath(new URL('../.dependency-cruiser.cjs', import.meta.url))
const options = await extractDepcruiseOptions(config)
const { output } = await cruise(['protocols', 'src'], { ...options, validate: true }, undefined, {
  tsConfig: extractTSConfig('tsconfig.json'),
})
const { violations, totalCruised } = output.summary

for (const { from, to, rule, cycle } of violations) {
  const round = cycle === undefined ? '' : ` (${[from, ...cycle.map((step) => step.name ?? step)].join(' -> ')})`
  process.stdout.write(`${rule.severity} ${rule.name}: ${from} -> ${to}${round}\n`)
}
process.stdout.write(`architecture: ${totalCruised} modules, ${violations.length} violations\n`)
if (violations.length > 0 || totalCruised < LEAST_MODULES) process.exitCode = 1
