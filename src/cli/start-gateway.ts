import { codecs } from '../../protocols/index.ts'
import { DEMO_NOTICE, isDemoOnly } from '../admin/home.ts'
import { type App, startApp } from '../app/app.ts'
import type { Config } from '../config/config.ts'
import { writeProblem } from '../config/config-fault.ts'
import { findPlaces } from '../config/find-places.ts'
import { type LoadedConfig, loadConfig } from '../config/load-config.ts'
import type { LogLevel } from '../config/log-levels.ts'
import { type ConfigWatch, watchConfig } from '../config/watch-config.ts'
import { createLog, type Log } from '../observe/log.ts'
import { applyConfig } from '../registry/apply-config.ts'
import { DEFAULT_GROUP } from '../registry/default-group.ts'
import { RegistryFault } from '../registry/registry-fault.ts'
import { openStore, type Store } from '../store/open-store.ts'
import { formatBanner } from './banner.ts'
import { type PidFile, writePidFile } from './pid-file.ts'
import { listWaiting, readFixedSettings, readLiveSettings } from './settings.ts'

const STANDARD_ERROR = 2

/** As written on the command line or in the environment; what is absent is asked of the config file. */
export interface StartFlags {
  readonly host?: string
  readonly port?: readonly number[]
  readonly config?: string
  readonly dataDir?: string
  readonly logLevel?: LogLevel
  readonly printReady?: boolean
}

/**
 * Runs the gateway of these flags until a signal ends the program.
 *
 * @throws Error in a line for people: store, config and listener word their errors so.
 */
export async function startGateway(flags: StartFlags, version: string): Promise<void> {
  const { configFile: file, dataDir } = findPlaces({
    ...(flags.config === undefined ? {} : { configFile: flags.config }),
    ...(flags.dataDir === undefined ? {} : { dataDir: flags.dataDir }),
  })
  const loaded = loadConfig(file, process.env)
  const { config } = loaded
  const log = createLog(flags.logLevel ?? config.logLevel, STANDARD_ERROR)
  for (const warning of loaded.warnings) log.warn({}, writeProblem(warning))
  const secretKey = process.env['INTERLINGUA_SECRET_KEY']
  const store = openStore({ directory: dataDir }, secretKey === undefined ? {} : { secretKey })
  try {
    for (const notice of apply(config, store, file)) log.warn({}, notice)
    const [port = 0, ...morePorts] = flags.port ?? config.ports
    const app = await startApp({
      store,
      log,
      version,
      environment: process.env,
      host: flags.host ?? config.host,
      port,
      morePorts,
      ...readLiveSettings(config, config.log || isTalkative(flags.logLevel)),
      ...readFixedSettings(config),
    })
    announce(flags, app, store, version)
    const watch = file === undefined ? undefined : follow(file, loaded, { flags, app, store, log })
    const pidFile = writePidFile(dataDir)
    stopOnSignals({ app, store, log, watch, pidFile }, config.shutdownTimeoutMs)
  } catch (error) {
    store.close()
    throw error
  }
}

interface Running {
  readonly flags: StartFlags
  readonly app: App
  readonly store: Store
  readonly log: Log
}

/** What the file says when it changes holds from the next request on; a file that is wrong changes nothing. */
function follow(file: string, first: LoadedConfig, { flags, app, store, log }: Running): ConfigWatch {
  let before = first.config
  const watch = watchConfig({
    file,
    environment: process.env,
    seen: first.digest,
    apply({ config, warnings }) {
      for (const warning of warnings) log.warn({}, writeProblem(warning))
      for (const notice of apply(config, store, file)) log.warn({}, notice)
      app.configure(readLiveSettings(config, config.log || isTalkative(flags.logLevel)))
      const waiting = listWaiting(before, config)
      if (waiting.length > 0) log.warn({}, `${file}: changes of ${waiting.join(', ')} take effect at the next start`)
      before = config
      log.info({}, `${file} was read again`)
    },
    refuse: (error) => log.error({}, `nothing was changed: ${error instanceof Error ? error.message : String(error)}`),
  })
  process.on('SIGHUP', () => watch.reload())
  return watch
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

function announce(flags: StartFlags, app: App, store: Store, version: string): void {
  const { url } = app.listening
  if (flags.printReady !== true) {
    const banner = formatBanner({
      version,
      url,
      groups: listServing(app.registry),
      defaultGroup: DEFAULT_GROUP,
      codecs,
      asksForKey: app.asksForKey(),
      isOpen: !/^(127\.|localhost$|::1$)/.test(app.listening.host),
      notice: isDemoOnly(store) ? DEMO_NOTICE : undefined,
    })
    process.stdout.write(`${banner}\n`)
  }
  for (const one of [app.listening, ...app.alsoListening]) process.stdout.write(`listening on ${one.url}\n`)
}

/** A disabled group has no URL that anybody could use. */
function listServing(registry: App['registry']): readonly string[] {
  const { groupNames, findGroup } = registry.snapshot()
  return groupNames.filter((name) => findGroup(name)?.enabled)
}

interface Stoppable {
  readonly app: App
  readonly store: Store
  readonly log: Log
  readonly watch: ConfigWatch | undefined
  readonly pidFile: PidFile
}

/** The first signal lets what is in flight end; a second one does not wait. */
function stopOnSignals({ app, store, log, watch, pidFile }: Stoppable, timeoutMs: number): void {
  let stopping = false
  const stop = (exitCode: number): void => {
    if (stopping) {
      process.exit(exitCode)
    }
    stopping = true
    watch?.close()
    app
      .close(timeoutMs)
      .catch((error: unknown) => log.error({ err: error }, 'stopping failed'))
      .finally(() => {
        store.close()
        pidFile.remove()
        process.exit(exitCode)
      })
  }
  process.on('SIGTERM', () => stop(0))
  process.on('SIGINT', () => stop(0))
  // Without a file there is nothing to read again, and the default would end the program.
  if (watch === undefined) process.on('SIGHUP', () => {})
  // Without a listener Node would open its debugger to everybody on this machine.
  process.on('SIGUSR1', () => {})
  process.on('uncaughtException', (error) => {
    log.error({ err: error }, 'stopping after an error that nobody expected')
    stop(1)
  })
}
