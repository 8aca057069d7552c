/** A legacy session without a transport: what it is told, and what it says. */
import { ClientSession } from '../../../src/mcp/client/client-session.ts'
import { IdleConnections } from '../../../src/mcp/client/idle-connections.ts'
import { HUB_TIMES, type HubContext, type HubTimes } from '../../../src/mcp/hub-context.ts'
import type { Scope } from '../../../src/mcp/scope.ts'
import { createScopeViews } from '../../../src/mcp/scope-views.ts'
import type { UpstreamServers } from '../../../src/mcp/upstream/connection.ts'
import type { Closing } from '../close-all.ts'
import { Recorder } from './recorder.ts'

export interface TestContext extends HubContext {
  readonly warnings: string[]
}

export function testContext(servers: UpstreamServers, times: Partial<HubTimes> = {}): TestContext {
  let count = 0
  const warnings: string[] = []
  return {
    warnings,
    servers,
    version: '0.0.0-test',
    times: { ...HUB_TIMES, ...times },
    instanceId: 'test-instance',
    idle: new IdleConnections(),
    now: () => 1_000_000,
    randomId: () => {
      count += 1
      return `random-${count}`
    },
    warn: (_, message) => warnings.push(message),
    report: (error) => {
      throw error
    },
  }
}

export interface Told {
  readonly message: any
  readonly relatedTo: string | number | undefined
}

export interface TestSession {
  readonly session: ClientSession
  readonly told: Recorder<Told>
  readonly context: TestContext
  /** Sends a message and waits for its answer. */
  ask(method: string, params?: object, id?: string | number): Promise<any>
  send(message: object): void
  /** The first message of this method. */
  heard(method: string): Promise<Told>
}

export interface TestSessionOptions {
  readonly scope?: Partial<Scope>
  readonly capabilities?: object
  readonly version?: string
  readonly times?: Partial<HubTimes>
}

/** Begins a session and shakes hands. */
export async function startSession(
  closing: Closing,
  servers: UpstreamServers,
  options: TestSessionOptions = {},
): Promise<TestSession> {
  const context = testContext(servers, options.times)
  const views = createScopeViews(context)
  const told = new Recorder<Told>()
  const session = new ClientSession({
    context,
    views,
    scope: { group: undefined, server: undefined, ...options.scope },
    owner: context.randomId(),
    channel: { deliver: (message, relatedTo) => told.add({ message, relatedTo }) },
  })
  closing.add(session, () => {
    session.close()
    views.close()
  })
  let count = 0
  const send = (message: any): void => session.receive({ jsonrpc: '2.0', ...message })
  const test: TestSession = {
    session,
    told,
    context,
    send,
    async ask(method, params = {}, id) {
      count += 1
      const own = id ?? `ask-${count}`
      const before = told.items.length
      send({ id: own, method, params })
      const answer = await told.find(
        (item) => item.message.method === undefined && item.message.id === own && told.items.indexOf(item) >= before,
      )
      return answer.message
    },
    heard: (method) => told.find((item) => item.message.method === method),
  }
  const { version: protocolVersion = '2025-11-25', capabilities = {} } = options
  await test.ask('initialize', { protocolVersion, capabilities, clientInfo: { name: 'test', version: '1' } }, 'begin')
  send({ method: 'notifications/initialized' })
  return test
}
