/** The program as a user starts it: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Closing } from './close-all.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/interlingua.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
  readonly errors: string
}

export interface Program {
  readonly child: ChildProcess
  /** Resolves with the URL of the ready line. @throws Error with what was printed, when the program ends before. */
  readonly ready: Promise<string>
  readonly ended: Promise<Ended>
}

/** Runs `interlingua` with these arguments and nothing of our own environment but what Node needs. */
export function runProgram(
  closing: Closing,
  args: readonly string[],
  environment: Record<string, string> = {},
): Program {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, output, errors }))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const url = /^listening on (http:\/\/\S+)$/m.exec(output)?.[1]
      if (url !== undefined) resolve(url)
    })
    void ended.then((end) => reject(new Error(`ended before it was ready: ${end.output}${end.errors}`)))
  })
  ready.catch(() => {})
  closing.add(child, async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  return { child, ready, ended }
}
