/** The only place where the rooms are wired together. */
import { isDeepStrictEqual } from 'node:util'
import express from 'express'
import { codecs, findCodec } from '../protocols/index.ts'
import type { ApiError } from '../protocols/ir/error.ts'
import { createGatekeeper } from './access/gatekeeper.ts'
import { type ConfiguredKeys, openKeyring } from './access/open-keyring.ts'
import { createAdmin } from './admin/admin.ts'
import type { Explain } from './admin/explain.ts'
import { createHealth } from './admin/health.ts'
import { createHome } from './admin/home.ts'
import { applyLiveSettings, type Changeable } from './admin/live-settings.ts'
import { createStatus } from './admin/status.ts'
import { createArgumentChecker } from './compat/tools/argument-checker.ts'
import { createHiddenCalls } from './conversation/hidden-calls.ts'
import { createReasoningMemory } from './conversation/reasoning-memory.ts'
import { createStoredAnswers } from './conversation/stored-answers.ts'
import { createDoor } from './door.ts'
import { describeExchange, describeFailure } from './gateway/describe-exchange.ts'
import type { Exchange } from './gateway/exchange.ts'
import { explainRequest } from './gateway/explain.ts'
import { createGateway } from './gateway/gateway.ts'
import type { ResponseModel } from './gateway/gateway-context.ts'
import { createRetryBudget } from './gateway/retry-budget.ts'
import { createTokenizerLoader } from './gateway/tokenizer.ts'
import { createToolRefusals } from './gateway/tool-refusals.ts'
import type { RetrySettings } from './gateway/try-targets.ts'
import { BODY_LIMITS, type BodyLimits } from './http/body.ts'
import { createEndpointTable } from './http/endpoints.ts'
import { type Listening, type ListenLimits, listen } from './http/listen.ts'
import { STREAM_TIMES } from './http/stream-answer.ts'
import { manageServers } from './mcp/manage-servers.ts'
import { startMcp } from './mcp/start-mcp.ts'
import type { Log } from './observe/log.ts'
import { describeModel } from './providers/known-models.ts'
import { openRegistry, type Registry, ROUTING, type RoutingSettings } from './registry/registry.ts'
import type { Store } from './store/open-store.ts'
import { readAwsAccount } from './upstream/aws-account.ts'
import { createBedrockUpstream } from './upstream/bedrock.ts'
import { createDemoUpstream } from './upstream/demo.ts'
import { createMediaFetcher } from './upstream/fetch-media.ts'
import { createHttpUpstream, type HttpUpstreamOptions } from './upstream/http.ts'
import { createUpstream } from './upstream/index.ts'
import { createProxyChoice, type ProxyChoice, type ProxySettings } from './upstream/proxy-choice.ts'

const STOPPING: ApiError = {
  kind: 'unavailable',
  message: 'The gateway is stopping; the answer breaks off here.',
  source: 'proxy',
}
/** How long the last words of a stream may take. */
const LAST_WORDS_MS = 250

const RETRY: RetrySettings = { attempts: 3, maxWaitMs: 20_000, backoffMs: 250 }

/** Some providers tell usage after the finish, some never send an end mark. */
const GRACE_MS = 2000

/** What may change while the gateway runs; whatever is absent has its default. */
export interface LiveSettings {
  /** Whether each exchange gets its line. */
  readonly logExchanges: boolean
  /** The keys of the gateway's own that the file names; beside them count those of the store. */
  readonly keys?: ConfiguredKeys
  /** How often and after which waits a request is tried again. */
  readonly retry?: Partial<RetrySettings>
  /** Which model translated answers name. */
  readonly responseModel?: ResponseModel
  /** Calls to providers go through it, where the provider names none of its own and `environment` exempts nobody. */
  readonly proxyUrl?: string
  /** When a target that fails is left alone, and what else the file says of routing. */
  readonly routing?: Partial<RoutingSettings>
}

/** What a running gateway is made of beyond its rooms; everything has a default but what must be said. */
export interface AppOptions extends LiveSettings {
  readonly store: Store
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Further ports at the same address (X5). */
  readonly morePorts?: readonly number[]
  readonly version: string
  readonly log: Log
  /** Names under which the gateway may be called without a key, besides those of this machine. */
  readonly allowedHosts?: readonly string[]
  /** Where clients reach it, when a proxy before it puts a path in front. */
  readonly publicUrl?: string
  /** Web origins that may call it. */
  readonly allowedOrigins?: readonly string[]
  readonly bodyLimits?: Partial<BodyLimits>
  readonly listenLimits?: Partial<ListenLimits>
  readonly streamTimes?: Partial<typeof STREAM_TIMES>
  readonly upstream?: Omit<HttpUpstreamOptions, 'userAgent' | 'chooseProxy'>
  /** How long after a finish the rest of a provider's stream is waited for. */
  readonly graceMs?: number
  readonly now?: () => Date
  /** Hosts in one's own network from which images and files may be fetched, besides those of the internet; absent: nothing is fetched. */
  readonly mediaHosts?: readonly string[]
  /** Whoever calls Amazon is named there, and proxies. Absent: empty. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

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
  const { store, log, version, mediaHosts, now = () => new Date() } = options
  let live: LiveSettings = options
  const startedAt = now()
  let isDraining = false
  const toolRefusals = createToolRefusals()
  const userAgent = `interlingua/${version}`
  const protocols = codecs.map((codec) => codec.name)
  const registry = openRegistry({
    store,
    protocols,
    report: (fault) => log.error({ err: fault }, 'what another process wrote into the registry cannot be served'),
    ...(options.routing === undefined ? {} : { settings: options.routing }),
  })
  let inForce = applyLiveSettings(store, readChangeable(live))
  registry.configure(inForce.routing)
  const readRetry = (): RetrySettings => ({ ...RETRY, ...live.retry, attempts: inForce.attempts })
  // Asked for by every request, made when something changes.
  let retry = readRetry()
  const applySettings = (): void => {
    const wanted = applyLiveSettings(store, readChangeable(live))
    const isSame = isDeepStrictEqual(wanted, inForce)
    inForce = wanted
    retry = readRetry()
    if (!isSame) registry.configure(inForce.routing)
  }
  // What this process is told over HTTP, and what another one is.
  const ends = [store.listen({ beforeCommit() {}, afterCommit: applySettings }), store.watchOthers(applySettings)]
  const environment = options.environment ?? {}
  let proxies = chooseProxies(options, environment)
  for (const problem of proxies.problems) log.warn({}, problem)
  const http = createHttpUpstream({
    ...options.upstream,
    userAgent,
    chooseProxy: (url, own) => proxies.choose(url, own),
  })
  const upstream = createUpstream({
    http,
    bedrock: createBedrockUpstream({ http, account: readAwsAccount(environment), now }),
    demo: createDemoUpstream({ codecNamed: findCodec, now }),
  })
  const answers = createStoredAnswers({
    table: store.storedAnswers,
    now: () => now().getTime(),
    report: (error) => log.error({ err: error }, 'an answer could not be kept'),
  })
  const mcp = startMcp({ store, version, log, environment })
  const gateway = createGateway(
    {
      codecNamed: findCodec,
      upstream,
      ...(mediaHosts === undefined ? {} : { fetchMedia: createMediaFetcher({ allowedHosts: mediaHosts, userAgent }) }),
      trying: {
        health: registry.health,
        get retry() {
          return retry
        },
        budget: createRetryBudget(),
        random: Math.random,
      },
      toolRefusals,
      checkArguments: createArgumentChecker(),
      serverTools: mcp.offer,
      hiddenCalls: createHiddenCalls(),
      get responseModel() {
        return inForce.responseModel
      },
      now,
      version,
      reasoning: createReasoningMemory(),
      answers,
      bodyLimits: { ...BODY_LIMITS, ...options.bodyLimits },
      streamTimes: { ...STREAM_TIMES, ...options.streamTimes },
      graceMs: options.graceMs ?? GRACE_MS,
      loadTokenizer: createTokenizerLoader(),
      settle: (exchange) => settle(log, inForce.logExchanges, exchange),
    },
    createEndpointTable(codecs),
    () => registry.snapshot(),
  )
  const pages = express()
  pages.disable('x-powered-by')
  pages.set('query parser', 'simple')
  pages.use(createHome({ store, registry, version, codecs }))
  const state = { store, registry, version, now, startedAt, isDraining: () => isDraining }
  pages.use(
    createHealth(state),
    createStatus({ ...state, toolRefusals, settings: () => tellSettings(options, live, inForce) }),
  )
  const report = (error: unknown): void => log.error({ err: error }, 'the management API failed by a fault of its own')
  const management = manageServers(mcp.servers)
  const file = (): Changeable => readChangeable(live)
  const clock = (): number => now().getTime()
  pages.use(createAdmin({ store, registry, explain, mcp: management, file, protocols, report, now: clock }))
  const keys = openKeyring(store, options.keys ?? { apiKeys: [] }, clock)
  const { allowedHosts = [], allowedOrigins = [] } = options
  const gatekeeper = createGatekeeper({ boundHost: options.host, allowedHosts, allowedOrigins }, keys.keyring)
  const door = createDoor({
    gateway,
    gatekeeper,
    pages,
    hub: mcp.hub,
    activeGroup: () => registry.snapshot().activeGroup,
    publicPath: options.publicUrl === undefined ? '' : new URL(options.publicUrl).pathname.replace(/\/+$/, ''),
  })
  const [listening, ...alsoListening] = await listenAt(door, options).catch(async (error: unknown) => {
    await mcp.close()
    for (const end of ends) end()
    keys.close()
    registry.close()
    await upstream.close()
    throw error
  })
  return {
    listening,
    alsoListening,
    registry,
    asksForKey: () => !keys.keyring().isEmpty,
    configure(settings) {
      proxies = chooseProxies(settings, environment)
      live = settings
      keys.configure(settings.keys ?? { apiKeys: [] })
      applySettings()
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
      await mcp.close()
      await upstream.close()
      answers.flush()
      for (const end of ends) end()
      keys.close()
      registry.close()
      return outcome
    },
  }
}

const explain: Explain = ({ from, to, model, request }) => {
  const order = { from: findCodec(from), to: findCodec(to), body: request, factsOf: describeModel }
  return explainRequest(model === undefined ? order : { ...order, model })
}

/** What the file says of what may be changed over HTTP as well. */
function readChangeable({ logExchanges, responseModel, retry, routing }: LiveSettings): Changeable {
  return {
    logExchanges,
    responseModel,
    attempts: { ...RETRY, ...retry }.attempts,
    routing: { ...ROUTING, ...routing },
  }
}

/** For `GET /status`: nothing of it is a secret. */
function tellSettings(
  { host, port, morePorts = [], allowedHosts = [] }: AppOptions,
  live: LiveSettings,
  inForce: Changeable,
): object {
  const { apiKey, apiKeys = [] } = live.keys ?? {}
  const { breaker, longContextThreshold } = inForce.routing
  return {
    host,
    ports: [port, ...morePorts],
    allowed_hosts: allowedHosts,
    file_keys: apiKeys.length + (apiKey === undefined ? 0 : 1),
    log: inForce.logExchanges,
    response_model: inForce.responseModel ?? null,
    max_attempts: inForce.attempts,
    long_context_threshold: longContextThreshold,
    circuit_breaker: { enabled: breaker.enabled, threshold: breaker.threshold, timeout_ms: breaker.timeoutMs },
  }
}

function chooseProxies({ proxyUrl }: LiveSettings, environment: ProxySettings['environment']): ProxyChoice {
  return createProxyChoice({ environment, ...(proxyUrl === undefined ? {} : { proxyUrl }) })
}

/** All ports or none. */
async function listenAt(
  door: ReturnType<typeof createDoor>,
  { host, port, morePorts = [], listenLimits }: AppOptions,
): Promise<[Listening, ...Listening[]]> {
  const limits = listenLimits === undefined ? {} : { limits: listenLimits }
  const listening: [Listening, ...Listening[]] = [await listen(door, { host, port, ...limits })]
  try {
    for (const further of morePorts) listening.push(await listen(door, { host, port: further, ...limits }))
  } catch (error) {
    await Promise.all(listening.map((one) => one.drain(0)))
    throw error
  }
  return listening
}

function settle(log: Log, logExchanges: boolean, exchange: Exchange): void {
  const { cause, failures } = exchange.record
  for (const failure of failures) log.warn({ request_id: exchange.id, ...describeFailure(failure) }, 'a target failed')
  if (cause !== undefined)
    log.error({ request_id: exchange.id, err: cause }, 'the gateway failed by a fault of its own')
  if (logExchanges) log.info(describeExchange(exchange), 'exchange')
}
