/** Scores the readers of tool calls against the shared corpus, where it is present. Arguments go to the scorer: `--verbose`, `--dialect glm`. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../shared/toolcall/', import.meta.url))
const adapter = fileURLToPath(new URL('../test/toolcall/adapter.ts', import.meta.url))

if (existsSync(folder)) {
  const files = [`${folder}score.mjs`, `${folder}corpus-dev.json`, adapter]
  const flags = ['--disable-warning=ExperimentalWarning']
  const { status } = spawnSync(process.execPath, [...flags, ...files, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = status ?? 1
} else {
  console.log('The corpus of tool calls is not beside this checkout; nothing was scored.')
}
