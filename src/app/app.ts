/** The only place where the rooms are wired together: each is given what it needs of the others. */
import { codecs } from '../../protocols/index.ts'
import type { ApiError } from '../../protocols/ir/error.ts'
import { createGatekeeper } from '../access/gatekeeper.ts'
import { openKeyring } from '../access/open-keyring.ts'
import { createStoredAnswers } from '../conversation/stored-answers.ts'
import { createDoor } from '../door.ts'
import { createToolRefusals } from '../gateway/tool-refusals.ts'
import type { Listening } from '../http/listen.ts'
import { manageServers } from '../mcp/manage-servers.ts'
import { startMcp } from '../mcp/start-mcp.ts'
import { openRegistry, type Registry } from '../registry/registry.ts'
import type { AppOptions, LiveSettings } from './app-options.ts'
import { listenAtPorts } from './listen-at-ports.ts'
import { openSettings } from './settings-in-force.ts'
import { wireGateway } from './wire-gateway.ts'
import { wirePages } from './wire-pages.ts'
import { wireUpstream } from './wire-upstream.ts'

const STOPPING: ApiError = {
  kind: 'unavailable',
  message: 'The gateway is stopping; the answer breaks off here.',
  source: 'proxy',
}
/** How long the last words of a stream may take. */
const LAST_WORDS_MS = 250

export interface App {
  readonly listening: Listening
  /** At the further ports. */
  readonly alsoListening: readonly Listening[]
  /** Takes effect for the next request. */
  configure(settings: LiveSettings): void
  readonly registry: Registry
  /** Whether there are keys of the gateway's own just now. */
  asksForKey(): boolean
  /** Takes no more requests, lets those in flight end for at most `timeoutMs`, then ends everything but the store. */
  close(timeoutMs: number): Promise<'drained' | 'cut'>
}

/** @throws Error with one clear sentence when the address cannot be bound or the registry cannot be served. */
export async function startApp(options: AppOptions): Promise<App> {
  const { store, log, version, now = () => new Date(), environment = {} } = options
  const clock = (): number => now().getTime()
  let isDraining = false
  const registry = openRegistry({
    store,
    protocols: codecs.map((codec) => codec.name),
    report: (fault) => log.error({ err: fault }, 'what another process wrote into the registry cannot be served'),
    ...(options.routing === undefined ? {} : { settings: options.routing }),
  })
  const settings = openSettings(store, registry, options)
  const shared = { registry, settings, toolRefusals: createToolRefusals(), userAgent: `interlingua/${version}`, now }
  const calls = wireUpstream({ ...options, ...shared, environment })
  const answers = createStoredAnswers({
    table: store.storedAnswers,
    now: clock,
    report: (error) => log.error({ err: error }, 'an answer could not be kept'),
  })
  const mcp = startMcp({ store, version, log, environment })
  const gateway = wireGateway({ ...options, ...shared, upstream: calls.upstream, answers, serverTools: mcp.offer })
  const keys = openKeyring(store, options.keys ?? { apiKeys: [] }, clock)
  const { allowedHosts = [], allowedOrigins = [], publicUrl } = options
  const door = createDoor({
    gateway,
    gatekeeper: createGatekeeper({ boundHost: options.host, allowedHosts, allowedOrigins }, keys.keyring),
    pages: wirePages({ ...options, ...shared, mcp: manageServers(mcp.servers), isDraining: () => isDraining }),
    hub: mcp.hub,
    activeGroup: () => registry.snapshot().activeGroup,
    publicPath: publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, ''),
  })
  /** The rooms, once nothing reaches them any more. */
  const closeRooms = async (): Promise<void> => {
    await mcp.close()
    await calls.upstream.close()
    answers.flush()
    settings.close()
    keys.close()
    registry.close()
  }
  const [listening, ...alsoListening] = await listenAtPorts(door, options).catch(async (error: unknown) => {
    await closeRooms()
    throw error
  })
  return {
    listening,
    alsoListening,
    registry,
    asksForKey: () => !keys.keyring().isEmpty,
    configure(said) {
      calls.configure(said)
      keys.configure(said.keys ?? { apiKeys: [] })
      settings.configure(said)
    },
    async close(timeoutMs) {
      isDraining = true
      // Whoever is still being served is told so, inside the stream, before the connections are cut.
      const timer = setTimeout(() => gateway.breakOff(STOPPING), timeoutMs)
      // Their streams would never end by themselves; the calls behind them are cancelled.
      mcp.hub.close()
      const drained = [listening, ...alsoListening].map((one) => one.drain(timeoutMs + LAST_WORDS_MS))
      const outcome = (await Promise.all(drained)).includes('cut') ? 'cut' : 'drained'
      clearTimeout(timer)
      await closeRooms()
      return outcome
    },
  }
}
