import type { Config } from '../config/config.ts'
import { writeProblem } from '../config/config-fault.ts'
import { findPlaces } from '../config/find-places.ts'
import { loadConfig } from '../config/load-config.ts'
import type { LogLevel } from '../config/log-levels.ts'
import { startMcp } from '../mcp/start-mcp.ts'
import { relayToGateway } from '../mcp/stdio/relay-to-gateway.ts'
import { serveStdio } from '../mcp/stdio/serve-stdio.ts'
import { createLog } from '../observe/log.ts'
import { applyConfig } from '../registry/apply-config.ts'
import { openStore } from '../store/open-store.ts'

const STANDARD_ERROR = 2

/** A gateway on this machine answers sooner, or does not run. */
const PROBE_MS = 1000

export interface McpFlags {
  readonly group?: string
  readonly url?: string
  readonly key?: string
  readonly config?: string
  readonly dataDir?: string
  readonly logLevel: LogLevel
}

/**
 * Speaks MCP on standard input and output until the input ends or a signal comes: through the gateway that runs, or as the hub itself.
 *
 * @throws Error in a line for people.
 */
export async function serveMcp(flags: McpFlags, version: string): Promise<void> {
  const { configFile, dataDir } = findPlaces({
    ...(flags.config === undefined ? {} : { configFile: flags.config }),
    ...(flags.dataDir === undefined ? {} : { dataDir: flags.dataDir }),
  })
  const { config, warnings } = loadConfig(configFile, process.env)
  const gateway = flags.url ?? (await findGateway(config))
  if (gateway !== undefined) {
    const group = flags.group === undefined ? '' : `/${encodeURIComponent(flags.group)}`
    const url = `${gateway.replace(/\/+$/, '')}${group}`
    await relayToGateway({ url, key: flags.key ?? config.apiKey, input: process.stdin, output: process.stdout })
    return
  }
  const log = createLog(flags.logLevel, STANDARD_ERROR)
  for (const warning of warnings) log.warn({}, writeProblem(warning))
  const secretKey = process.env['INTERLINGUA_SECRET_KEY']
  const store = openStore({ directory: dataDir }, secretKey === undefined ? {} : { secretKey })
  if (configFile !== undefined) for (const notice of applyConfig(config, store, process.env)) log.warn({}, notice)
  const mcp = startMcp({ store, version, log, environment: process.env })
  const scope = { group: flags.group, server: undefined }
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  try {
    if (mcp.servers.rulesOf(flags.group) === undefined) throw new Error(`There is no group ${flags.group}.`)
    const converse = mcp.hub.converse
    const served = serveStdio({
      input: process.stdin,
      output: process.stdout,
      converse: (deliver) => converse({ scope, keyId: 'stdio', deliver }),
    })
    await Promise.race([served, stopped])
  } finally {
    // The timers of servers that are ending keep no process alive; somebody must, until they have ended.
    const stay = setInterval(() => undefined, 1000)
    await mcp.close()
    clearInterval(stay)
    store.close()
  }
}

/** The gateway of this configuration, if it runs. */
async function findGateway({ host, ports }: Config): Promise<string | undefined> {
  const [port] = ports
  const name = host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? (host === '::' ? '[::1]' : `[${host}]`) : host
  const url = `http://${name}:${port}`
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(PROBE_MS) })
    const body: unknown = await answer.json()
    const isOurs = typeof body === 'object' && body !== null && 'service' in body && body.service === 'interlingua'
    return isOurs ? url : undefined
  } catch {
    return undefined
  }
}
