/** The management API over a registry of its own, anew for each test. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express from 'express'
import { createAdmin } from '../../../src/admin/admin.ts'
import { type Registry, ROUTING } from '../../../src/registry/registry.ts'
import type { Store } from '../../../src/store/open-store.ts'
import { type Closing, createClosing } from '../../support/close-all.ts'
import { glanceAt, openTestRegistry } from '../../support/registry.ts'

interface Answer {
  readonly status: number
  readonly text: string
  readonly body: any
}

interface TestAdmin {
  readonly closing: Closing
  /** Of the test that runs. */
  readonly store: Store
  readonly registry: Registry
  /** What failed by our own fault; nothing may be left of it at the end. */
  readonly faults: unknown[]
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Where a request for this model goes: base URL, model and key. */
  served(model: string, group?: string): string
}

export const KEY = 'sk-proj-0123456789abcdefWXYZ'

/** Called inside a `describe`. */
export function useAdmin(): TestAdmin {
  const closing = createClosing()
  let url: string
  let store: Store
  let registry: Registry
  let faults: unknown[]

  beforeEach(async () => {
    ;({ store, registry } = await openTestRegistry(closing))
    faults = []
    const app = express()
    const mcp = { status: () => undefined, stderr: () => undefined, restart: async () => {}, accept: () => [] }
    const report = (fault: unknown) => faults.push(fault)
    const file = () => ({ logExchanges: false, responseModel: undefined, attempts: 1, routing: ROUTING })
    app.use(createAdmin({ store, registry, explain: () => ({}), mcp, file, protocols: [], report }))
    const server = closing.add(createServer(app), (opened) => opened.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.add(server, (opened) => opened.closeAllConnections())
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    await closing.closeAll()
    expect(faults, 'nothing failed by our own fault').to.deep.equal([])
  })

  return {
    closing,
    get store() {
      return store
    },
    get registry() {
      return registry
    },
    get faults() {
      return faults
    },

    async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
      const response = await fetch(url + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      if (text !== '') expect(response.headers.get('content-type')).to.match(/^application\/json/)
      return { status: response.status, text, body: text === '' ? undefined : JSON.parse(text) }
    },
    served(model: string, group = 'default'): string {
      const [target] = registry.snapshot().resolveTargets(group, model, glanceAt()).targets
      return `${target?.provider.baseUrl} ${target?.model} ${target?.key?.secret}`
    },
  }
}

export function expectRefusal(answer: Answer, status: number, type: string, message: RegExp, field?: string): void {
  expect(answer.status, answer.text).to.equal(status)
  expect(answer.body.error.type).to.equal(type)
  expect(answer.body.error.message).to.match(message)
  expect(answer.body.error.details?.field).to.equal(field)
}
