/** A command of the program within this process, which is much faster than a program of its own. Not for commands that go on running. */
import { main } from '../../src/cli/main.ts'

export interface CommandEnd {
  readonly code: number
  readonly output: string
  readonly errors: string
}

export async function runCommand(...args: readonly string[]): Promise<CommandEnd> {
  const said = { output: '', errors: '' }
  const streams = [
    [process.stdout, 'output', process.stdout.write],
    [process.stderr, 'errors', process.stderr.write],
  ] as const
  const before = process.exitCode
  process.exitCode = 0
  try {
    for (const [stream, name] of streams) {
      stream.write = (text: unknown) => {
        said[name] += String(text)
        return true
      }
    }
    await main([process.execPath, 'interlingua', ...args])
    return { ...said, code: Number(process.exitCode) }
  } finally {
    for (const [stream, , write] of streams) stream.write = write
    process.exitCode = before
  }
}
