/** `interlingua start`: the gateway itself. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { codecs } from '../../protocols/index.ts'
import { DEMO_NOTICE, isDemoOnly } from '../admin/home.ts'
import { type App, startApp } from '../app.ts'
import type { Config } from '../config/config.ts'
import { writeProblem } from '../config/config-fault.ts'
import { findPlaces } from '../config/find-places.ts'
import { loadConfig } from '../config/load-config.ts'
import { LOG_LEVELS } from '../config/schema.ts'
import { createLog, type Log, type LogLevel } from '../observe/log.ts'
import { applyConfig } from '../registry/apply-config.ts'
import { DEFAULT_GROUP } from '../registry/default-group.ts'
import { RegistryFault } from '../registry/registry-fault.ts'
import { openStore, type Store } from '../store/open-store.ts'
import { formatBanner } from './banner.ts'

const STANDARD_ERROR = 2

interface StartFlags {
  readonly host?: string
  readonly port?: number
  readonly config?: string
  readonly dataDir?: string
  readonly logLevel?: LogLevel
  readonly printReady?: boolean
}

/** Flags go before environment variables, these before the config file, and that before the defaults. */
export function addStart(program: Command, version: string): void {
  program
    .command('start')
    .description('start the gateway')
    .addOption(new Option('--host <host>', 'address to listen on (default: 127.0.0.1)').env('INTERLINGUA_HOST'))
    .addOption(
      new Option('--port <port>', 'port to listen on, 0 for a free one (default: 3456)')
        .env('INTERLINGUA_PORT')
        .argParser(readPort),
    )
    .addOption(
      new Option('--config <file>', 'config file (default: ~/.interlingua/config.json or ~/.ccproxy/config.json)').env(
        'INTERLINGUA_CONFIG',
      ),
    )
    .addOption(
      new Option('--data-dir <dir>', 'folder of the database and of config.json (default: ~/.interlingua)').env(
        'INTERLINGUA_DATA_DIR',
      ),
    )
    .addOption(
      new Option('--log-level <level>', 'least level of log lines').choices(LOG_LEVELS).env('INTERLINGUA_LOG_LEVEL'),
    )
    .addOption(
      new Option('--print-ready', 'print nothing but the line that tells the address, once it listens').env(
        'INTERLINGUA_PRINT_READY',
      ),
    )
    .action(async (flags: StartFlags) => {
      try {
        await start(flags, version)
      } catch (error) {
        // One clear line: the store, the config and the listener word their errors for people.
        process.stderr.write(`interlingua: ${error instanceof Error ? error.message : String(error)}\n`)
        process.exitCode = 1
      }
    })
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
  return port
}

async function start(flags: StartFlags, version: string): Promise<void> {
  const { configFile: file, dataDir } = findPlaces({
    ...(flags.config === undefined ? {} : { configFile: flags.config }),
    ...(flags.dataDir === undefined ? {} : { dataDir: flags.dataDir }),
  })
  const { config, warnings } = loadConfig(file, process.env)
  const log = createLog(flags.logLevel ?? config.logLevel, STANDARD_ERROR)
  for (const warning of warnings) log.warn({}, writeProblem(warning))
  const secretKey = process.env['INTERLINGUA_SECRET_KEY']
  const store = openStore({ directory: dataDir }, secretKey === undefined ? {} : { secretKey })
  try {
    for (const notice of apply(config, store, file)) log.warn({}, notice)
    const app = await startApp({
      store,
      log,
      logExchanges: config.log || isTalkative(flags.logLevel),
      version,
      environment: process.env,
      ...(config.security.fetchMedia ? { mediaHosts: config.security.fetchHosts } : {}),
      host: flags.host ?? config.host,
      port: flags.port ?? config.port,
      routing: { breaker: config.breaker, longContextThreshold: config.longContextThreshold },
      ...readLimits(config),
    })
    announce(flags, app, store, version)
    stopOnSignals(app, store, log, config.shutdownTimeoutMs)
  } catch (error) {
    store.close()
    throw error
  }
}

/** What only shows when it meets the registry is wrong in the file all the same. */
function apply(config: Config, store: Store, file: string | undefined): readonly string[] {
  // Without a file nothing is said, which is not the same as saying that there is nothing.
  if (file === undefined) return []
  try {
    return applyConfig(config, store, process.env)
  } catch (error) {
    if (!(error instanceof RegistryFault)) throw error
    throw new Error(`${file}: ${error.message}`, { cause: error })
  }
}

/** Who asks for lines of this level wants to see requests too, whatever the file says. */
function isTalkative(level: LogLevel | undefined): boolean {
  return level === 'trace' || level === 'debug' || level === 'info'
}

function readLimits(config: Config) {
  const { timeouts } = config
  return {
    bodyLimits: { limitBytes: config.maxRequestBodyBytes, idleMs: timeouts.bodyIdleMs },
    listenLimits: { headersTimeoutMs: timeouts.headersMs },
    streamTimes: { keepAliveMs: timeouts.keepAliveIntervalMs },
    upstream: {
      timeouts: {
        connectMs: timeouts.connectMs,
        firstByteMs: timeouts.firstByteMs,
        idleMs: timeouts.streamIdleMs,
        plainMs: timeouts.requestMs,
      },
    },
  }
}

function announce(flags: StartFlags, app: App, store: Store, version: string): void {
  const { url } = app.listening
  if (flags.printReady !== true) {
    const banner = formatBanner({
      version,
      url,
      groups: app.registry.snapshot().groupNames,
      defaultGroup: DEFAULT_GROUP,
      codecs,
      isOpen: !/^(127\.|localhost$|::1$)/.test(app.listening.host),
      notice: isDemoOnly(store) ? DEMO_NOTICE : undefined,
    })
    process.stdout.write(`${banner}\n`)
  }
  process.stdout.write(`listening on ${url}\n`)
}

/** The first signal lets what is in flight end; a second one does not wait. */
function stopOnSignals(app: App, store: Store, log: Log, timeoutMs: number): void {
  let stopping = false
  const stop = (exitCode: number): void => {
    if (stopping) {
      process.exit(exitCode)
    }
    stopping = true
    app
      .close(timeoutMs)
      .catch((error: unknown) => log.error({ err: error }, 'stopping failed'))
      .finally(() => {
        store.close()
        process.exit(exitCode)
      })
  }
  process.on('SIGTERM', () => stop(0))
  process.on('SIGINT', () => stop(0))
  // Without a listener Node would open its debugger to everybody on this machine.
  process.on('SIGUSR1', () => {})
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'stopping after an error that nobody expected')
    stop(1)
  })
}
