/** The fixture as the configuration of a hub names it, over any transport. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Closing } from '../close-all.ts'

const PROGRAM = fileURLToPath(new URL('./fixture.ts', import.meta.url))
const ARGS = ['--disable-warning=ExperimentalWarning', PROGRAM]

export type FixtureTransport = 'stdio' | 'http' | 'sse'
export type FixtureEra = 'both' | 'legacy' | 'modern'

/** An entry of `mcpServers`; over HTTP the fixture is started for it. */
export async function configureFixture(
  closing: Closing,
  transport: FixtureTransport,
  era: FixtureEra,
): Promise<object> {
  if (transport === 'stdio') return { command: process.execPath, args: [...ARGS, '--stdio', '--era', era] }
  const child = spawn(process.execPath, [...ARGS, '--port', '0', '--era', era], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  closing.add(child, async () => {
    child.kill('SIGKILL')
    await ended
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const ready = /^ready (\S+)$/m.exec(text)?.[1]
      if (ready !== undefined) resolve(ready)
    })
    void ended.then(() => reject(new Error('the fixture ended before it was ready')))
  })
  return transport === 'sse' ? { type: 'sse', url: `${url}/sse` } : { type: 'http', url: `${url}/mcp` }
}
