/** One server behind the hub: started when it is needed, ended when nobody needs it. */
import type { JsonObject } from '../json-rpc.ts'
import { isLegacyVersion, NEWEST_LEGACY_VERSION } from '../revisions.ts'
import type { Begun, LinkKind } from './begin-server.ts'
import { type CallGate, createCallGate } from './call-gate.ts'
import type { Clock } from './clock.ts'
import type { Connection, ConnectionListener, Era, OpenOptions, ServerFacts } from './connection.ts'
import { type Introduction, modernMeta } from './handshake.ts'
import type { Link, LinkListener } from './link.ts'
import { LinkPool, type PooledLink, type Sharing } from './link-pool.ts'
import { ModernWatch } from './modern-watch.ts'
import { openConnection } from './open-connection.ts'
import { pickHeaders } from './pick-headers.ts'
import { ServerStart } from './server-start.ts'
import { createSwitchboard, type PortKind, type Switchboard } from './switchboard.ts'
import type { UpstreamLimits } from './upstream-limits.ts'
import { waitFor } from './wait-for.ts'

export interface UpstreamServerOptions {
  readonly name: string
  readonly transport: 'stdio' | 'http' | 'sse'
  /** One session for all clients (M82). */
  readonly shared: boolean
  /** Names of headers of its clients that it is told (M88). */
  readonly forwardHeaders: readonly string[]
  readonly limits: UpstreamLimits
  readonly clock: Clock
  /** At least 0, below 1. */
  readonly random: () => number
  /** Unguessable, of the alphabet of Base64 for URLs. */
  readonly randomId: () => string
  readonly clientInfo: JsonObject
  readonly instanceId: string
  /** Starts of processes at once, over all servers (M78). */
  readonly starts: CallGate
  openLink(kind: LinkKind, listener: LinkListener, told: ToldHeaders): Link
  /** It has begun, or says that a list of it has changed. */
  onNews(): void
}

export interface ServerStatus {
  readonly state: 'idle' | 'starting' | 'running' | 'failed'
  /** Processes or sessions that are up. */
  readonly links: number
  /** Callers over them. */
  readonly connections: number
  readonly runningCalls: number
  readonly failuresInARow: number
  /** Of the last start that failed or the last link that broke; gone with the next success. */
  readonly lastFailure?: string
}

/** Headers of a client. */
type ToldHeaders = Readonly<Record<string, string>>

/** A connection to a legacy server that a stateless caller has left (M91). */
const POOLED_IDLE_MS = 5 * 60_000
/** A process or a shared session that nobody uses (M81). */
const SHARED_IDLE_MS = 10 * 60_000

/** What an answer to could reach the wrong user with (M55). */
const PERSONAL: ReadonlySet<string> = new Set(['sampling', 'elicitation', 'roots'])

const DEAF: ConnectionListener = { message() {}, failed() {}, closed() {} }

export class UpstreamServer {
  readonly #options: UpstreamServerOptions
  readonly #start: ServerStart
  readonly #pool: LinkPool
  readonly #gate: CallGate
  readonly #watch: ModernWatch
  /** Of the modern era over HTTP, where nothing has to be begun. */
  #modern: ServerFacts | undefined
  #lastKey = 0

  constructor(options: UpstreamServerOptions) {
    const { name, clock, limits, clientInfo, instanceId } = options
    this.#options = options
    this.#pool = new LinkPool(name, clock, limits.sessions)
    this.#gate = createCallGate(limits.calls, limits.queuedCalls)
    this.#watch = new ModernWatch(modernMeta({ clientInfo, instanceId, clientCapabilities: {} }))
    this.#start = new ServerStart({
      ...options,
      connect: (board) => this.#connect(board, 'own', DEAF, UNKNOWN, () => {}),
    })
  }

  /** @throws UpstreamError */
  async open(options: OpenOptions): Promise<Connection> {
    const { link, begun } = await this.#enter(options, false)
    const { board, facts } = begun
    // Strangers share what nothing was begun over with one of them.
    const isExclusive = facts.era === 'legacy' ? !this.#options.shared : this.#endsWithCaller(facts)
    const kind: PortKind = isExclusive && options.era === facts.era && !link.hasVerbatim ? 'verbatim' : 'mapped'
    link.hasVerbatim = true
    link.stopIdling()
    const connection = this.#connect(board, kind, options.listener, facts, () => {
      if (facts.era === 'modern') this.#watch.leave()
      this.#pool.release(link)
    })
    if (facts.era === 'modern') this.#listen(facts, board)
    return connection
  }

  /** For the hub itself: over a link that is up, or one of its own. @throws UpstreamError */
  async openOwn(signal: AbortSignal): Promise<Connection> {
    const present = this.#pool.links.find(({ ready }) => ready !== undefined && !this.#endsWithCaller(ready.facts))
    const own = {
      era: 'modern',
      protocolVersion: '',
      clientCapabilities: {},
      owner: '',
      listener: DEAF,
      signal,
    } as const
    const { link, begun } =
      present?.ready === undefined ? await this.#enter(own, true) : { link: present, begun: present.ready }
    return this.#connect(begun.board, 'own', DEAF, begun.facts, () => this.#pool.release(link))
  }

  #endsWithCaller({ era }: ServerFacts): boolean {
    return era === 'modern' && this.#options.transport !== 'stdio'
  }

  status(): ServerStatus {
    const { links } = this.#pool
    const { lastFailure, breaker } = this.#start
    const up = links.flatMap(({ ready }) => (ready === undefined ? [] : [ready]))
    const rest = lastFailure === undefined ? 'idle' : 'failed'
    return {
      state: up.length > 0 ? 'running' : links.length > 0 ? 'starting' : rest,
      links: up.length,
      connections: up.reduce((sum, { board }) => sum + board.callers, 0),
      runningCalls: this.#gate.running,
      failuresInARow: breaker.failures,
      ...(lastFailure === undefined ? {} : { lastFailure }),
    }
  }

  /** Ends everything; whoever comes next starts it anew, without waiting for what failed before. */
  async stop(): Promise<void> {
    this.#watch.end()
    this.#modern = undefined
    await this.#pool.close()
    this.#start.reset()
  }

  async #enter(options: OpenOptions, isBrief: boolean): Promise<{ readonly link: PooledLink; readonly begun: Begun }> {
    for (;;) {
      const sharing = this.#shareWith(options, isBrief)
      const expected = this.#start.eraFor(options.era)
      const present = this.#pool.find(sharing[expected].key)
      const link = present ?? this.#add(options, sharing, expected)
      const begun = await waitFor(link.begun, options.signal)
      // Who waited for a link that turned out to be another's looks again, now that the era is known.
      if (present === undefined || link.sharing.key === sharing[begun.facts.era].key) return { link, begun }
    }
  }

  /** Callers with equal keys share a link. */
  #shareWith(options: OpenOptions, isBrief: boolean): Readonly<Record<Era, Sharing>> {
    const { shared, transport } = this.#options
    const { owner, protocolVersion, clientCapabilities, era } = options
    const told = this.#told(options)
    const standing = { idleMs: isBrief ? 0 : SHARED_IDLE_MS }
    const key = JSON.stringify([owner, protocolVersion, clientCapabilities, told])
    this.#lastKey += 1
    return {
      // Nothing is shared over HTTP, where each request stands alone.
      modern: transport === 'stdio' ? { key: 'modern', ...standing } : { key: `modern ${this.#lastKey}`, idleMs: 0 },
      legacy: shared
        ? { key: 'shared', ...standing }
        : { key, idleMs: !isBrief && era === 'modern' ? POOLED_IDLE_MS : 0 },
    }
  }

  #add(options: OpenOptions, sharing: Readonly<Record<Era, Sharing>>, expected: Era): PooledLink {
    const { shared, clientInfo, instanceId } = this.#options
    const capabilities = Object.entries(options.clientCapabilities).filter(([name]) => !shared || !PERSONAL.has(name))
    return this.#pool.add(sharing, expected, () =>
      this.#begin(options.era, expected, this.#told(options), {
        protocolVersion: isLegacyVersion(options.protocolVersion) ? options.protocolVersion : NEWEST_LEGACY_VERSION,
        clientCapabilities: Object.fromEntries(capabilities),
        clientInfo: options.clientInfo ?? clientInfo,
        instanceId,
      }),
    )
  }

  #told({ clientHeaders = {} }: OpenOptions): ToldHeaders {
    return pickHeaders(this.#options.forwardHeaders, clientHeaders)
  }

  async #begin(era: Era, expected: Era, told: ToldHeaders, introduction: Introduction): Promise<Begun> {
    const { shared, transport } = this.#options
    if (expected === 'modern' && this.#modern !== undefined && transport !== 'stdio') {
      return { board: this.#openBoard('modern-http', told), facts: this.#modern, verdict: {} }
    }
    const begun = await this.#start.begin(era, introduction, (kind) => this.#openBoard(kind, told))
    const { board, facts } = begun
    if (facts.era === 'modern') this.#modern = facts
    if (shared || (facts.era === 'modern' && transport === 'stdio')) board.separate()
    return begun
  }

  #openBoard(kind: LinkKind, told: ToldHeaders): Switchboard {
    const { openLink, onNews, randomId } = this.#options
    const board: Switchboard = createSwitchboard({
      open: (listener) => openLink(kind, listener, told),
      idPrefix: `i${randomId()}-`,
      onNotification: (method) => {
        if (method.endsWith('/list_changed')) onNews()
      },
      onClosed: (failure) => {
        this.#start.lastFailure = failure.message
        this.#pool.forget({ board })
      },
    })
    return board
  }

  #connect(
    board: Switchboard,
    kind: PortKind,
    listener: ConnectionListener,
    facts: ServerFacts,
    onClose: () => void,
  ): Connection {
    const { name, limits, clock, randomId } = this.#options
    const idPrefix = `c${randomId()}-`
    return openConnection(
      { server: name, board, kind, limits, gate: this.#gate, clock, idPrefix, listener, onClose },
      facts,
    )
  }

  /** As long as anybody uses a modern server, it is listened to. */
  #listen(facts: ServerFacts, board: Switchboard): void {
    const end = (): void => this.#watch.end()
    const listener: ConnectionListener = { message() {}, failed: end, closed: end }
    this.#watch.enter(facts, () => {
      if (!this.#endsWithCaller(facts)) return this.#connect(board, 'own', listener, facts, () => {})
      const own = this.#openBoard('modern-http', {})
      return this.#connect(own, 'own', listener, facts, () => void own.close())
    })
  }
}

/** Of a server that has not introduced itself yet. */
const UNKNOWN: ServerFacts = { era: 'legacy', protocolVersion: '', capabilities: {}, result: {} }
