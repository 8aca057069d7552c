/** The servers behind the hub over a store of their own, and clients that speak to them without a hub. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ConfiguredMcpServer, readMcpServer, type WrittenMcpServer } from '../../../src/config/mcp-notation.ts'
import type { JsonObject, JsonRpcMessage, RequestId } from '../../../src/mcp/json-rpc.ts'
import type { Connection, OpenOptions, UpstreamFailure } from '../../../src/mcp/upstream/connection.ts'
import {
  createUpstreamServers,
  type ManagedServers,
  type UpstreamServersOptions,
} from '../../../src/mcp/upstream/upstream-servers.ts'
import { mcpServerValues } from '../../../src/registry/mcp-servers.ts'
import { openStore, type Store } from '../../../src/store/open-store.ts'
import { type Closing, makeTempDir } from '../close-all.ts'

export const STDIO_SERVER = fileURLToPath(import.meta.resolve('./stdio-server.js'))

export interface TestServers {
  readonly servers: ManagedServers
  readonly store: Store
  readonly warnings: { readonly fields: any; readonly message: string }[]
  /** Adds a server, or changes it. */
  configure(name: string, written: WrittenMcpServer, owner?: 'file' | 'admin'): ConfiguredMcpServer
}

/** The small server of this folder. */
export function byHand(...args: readonly string[]): WrittenMcpServer {
  return { command: process.execPath, args: [STDIO_SERVER, ...args] }
}

export async function startServers(
  closing: Closing,
  definitions: Readonly<Record<string, WrittenMcpServer>>,
  options: Partial<UpstreamServersOptions> = {},
): Promise<TestServers> {
  const store =
    options.store ?? closing.add(openStore({ directory: await makeTempDir(closing) }), (opened) => opened.close())
  const configure: TestServers['configure'] = (name, written, owner = 'file') => {
    const server = readMcpServer(name, written)
    store.mcpServers.save(mcpServerValues(server, owner))
    return server
  }
  for (const [name, written] of Object.entries(definitions)) configure(name, written)
  const warnings: { fields: any; message: string }[] = []
  const servers = createUpstreamServers({
    store,
    version: '0.0.0-test',
    instanceId: 'test-instance',
    environment: process.env,
    warn: (fields, message) => warnings.push({ fields, message }),
    ...options,
  })
  closing.add(servers, (opened) => opened.close())
  return { servers, store, warnings, configure }
}

/** One client's connection: remembers what it hears, and waits for it. */
export class TestClient {
  readonly messages: any[] = []
  readonly failures: { readonly id: RequestId; readonly failure: UpstreamFailure }[] = []
  closed: UpstreamFailure | undefined
  connection!: Connection
  #lastId = 0
  readonly #waiting: (() => void)[] = []

  static async open(servers: ManagedServers, server: string, options: Partial<OpenOptions> = {}): Promise<TestClient> {
    const client = new TestClient()
    client.connection = await servers.open(server, {
      era: 'legacy',
      protocolVersion: '2025-11-25',
      clientCapabilities: {},
      owner: `session ${Math.random()}`,
      signal: new AbortController().signal,
      ...options,
      listener: {
        message: (message, relatedTo) => client.#hear(() => client.messages.push({ ...message, relatedTo })),
        failed: (id, failure) => client.#hear(() => client.failures.push({ id, failure })),
        closed: (failure) =>
          client.#hear(() => {
            client.closed = failure
          }),
      },
    })
    return client
  }

  #hear(note: () => void): void {
    note()
    for (const wake of this.#waiting.splice(0)) wake()
  }

  /** The first that fits, as soon as it is there. */
  async wait<Found>(find: () => Found | undefined): Promise<Found> {
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  send(message: object): void {
    this.connection.send({ jsonrpc: '2.0', ...message } as JsonRpcMessage)
  }

  #nextId(): string {
    this.#lastId += 1
    return `t${this.#lastId}`
  }

  /** @returns the answer, or the failure. */
  async request(method: string, params: JsonObject = {}, id: RequestId = this.#nextId()): Promise<any> {
    this.send({ id, method, params })
    return this.wait(
      () =>
        this.messages.find((message) => message.id === id && message.method === undefined) ??
        this.failures.find((failure) => failure.id === id),
    )
  }

  call(name: string, args: JsonObject = {}, more: JsonObject = {}): Promise<any> {
    return this.request('tools/call', { name, arguments: args, ...more })
  }
}

/** Whether a process runs; one that has ended and was not buried by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const file = `/proc/${pid}/stat`
  return !existsSync(file) || !/\) [ZX] /.test(readFileSync(file, 'utf8'))
}
