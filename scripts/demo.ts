/**
 * Starts a gateway as a user would, drives it with the official SDKs through group URLs, and prints what each client saw.
 * Everything is answered by the built-in demo provider: no key and no network are needed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { demoAnthropic } from './demo/anthropic.ts'
import { demoGemini } from './demo/gemini.ts'
import { demoOllama } from './demo/ollama.ts'
import { demoOpenai } from './demo/openai.ts'
import { demoResponses } from './demo/responses.ts'

const READY = /^listening on (http:\/\/\S+)$/

const dataDir = mkdtempSync(join(tmpdir(), 'interlingua-demo-'))
const program = fileURLToPath(new URL('../bin/interlingua.js', import.meta.url))
const gateway = spawn(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', program, 'start', '--port', '0', '--data-dir', dataDir, '--print-ready'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)

try {
  const url = await waitUntilReady(gateway)
  console.log(`A gateway listens on ${url}; its built-in demo model answers.`)
  await demoOpenai(url)
  await demoResponses(url)
  await demoAnthropic(url)
  await demoOllama(url)
  await demoGemini(url)
  console.log('\nAll clients were served.')
} finally {
  if (gateway.exitCode === null) {
    const gone = new Promise((resolve) => gateway.once('exit', resolve))
    gateway.kill('SIGTERM')
    await gone
  }
  rmSync(dataDir, { recursive: true, force: true })
}

async function waitUntilReady(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the gateway has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = READY.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('the gateway ended before it listened')
}
