#!/usr/bin/env node
import './harden.js'
import { existsSync } from 'node:fs'

const LEAST = [22, 19]

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])) {
  process.stderr.write(`Interlingua needs Node ${LEAST.join('.')} or newer; this is Node ${process.versions.node}.\n`)
  process.exit(1)
}

// A checkout runs its TypeScript as it is; the published package holds JavaScript only.
const source = new URL('../src/cli/main.ts', import.meta.url)
const { main } = await import(
  existsSync(source) ? source.href : new URL('../dist/src/cli/main.js', import.meta.url).href
)
await main(process.argv)
