/** The whole gateway on a free port, from a configuration as a user would write it, gone without a trace afterwards. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type App, startApp } from '../../src/app/app.ts'
import type { AppOptions } from '../../src/app/app-options.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { applyConfig } from '../../src/registry/apply-config.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { type Closing, makeTempDir } from './close-all.ts'

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly fields: any
  readonly message: string
}

export interface TestGateway {
  /** Without a slash at the end. */
  readonly url: string
  readonly app: App
  readonly store: Store
  /** Every line that was logged, requests included. */
  readonly lines: readonly LogLine[]
  /** The line of the exchange with this number (from 0), as soon as it is over. */
  exchange(index: number): Promise<any>
}

/** @param config what would stand in the config file. */
export async function startGateway(
  closing: Closing,
  config: object = {},
  options: Partial<AppOptions> = {},
): Promise<TestGateway> {
  const directory = await makeTempDir(closing)
  const file = join(directory, 'config.json')
  await writeFile(file, JSON.stringify(config))
  const store = closing.add(openStore({ directory }), (opened) => opened.close())
  const loaded = loadConfig(file, {}).config
  applyConfig(loaded, store, {})

  const lines: LogLine[] = []
  const waiting: (() => void)[] = []
  const write = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields, message })
    for (const wake of waiting.splice(0)) wake()
  }
  const app = await startApp({
    store,
    host: '127.0.0.1',
    port: 0,
    version: '0.0.0-test',
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    logExchanges: true,
    // Each target once, at once: whoever tests repetitions says so.
    retry: { attempts: 1, backoffMs: 1 },
    ...(loaded.proxyUrl === undefined ? {} : { proxyUrl: loaded.proxyUrl }),
    ...options,
  })
  closing.add(app, (running) => running.close(0))
  return {
    url: app.listening.url,
    app,
    store,
    lines,
    async exchange(index) {
      for (;;) {
        const found = lines.filter((line) => line.message === 'exchange')[index]
        if (found !== undefined) return found.fields
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
  }
}
