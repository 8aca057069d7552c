/** Runs the benchmarks of `test/bench/`, all of them or those whose names are given: `npm run bench -- registry`. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', 'test', 'bench')
const wanted = process.argv.slice(2)
const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
for (const file of files.sort()) {
  const name = file.slice(0, -'.ts'.length)
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stdout.write(`# ${name}\n`)
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(folder, file)], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
