/** The calls of docs/admin-api.md, made as they stand there. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { createClosing } from '../../support/close-all.ts'
import { startGateway } from '../../support/gateway.ts'

const PAGE = readFileSync(new URL('../../../docs/admin-api.md', import.meta.url), 'utf8')

describe('docs/admin-api.md', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('every call in it works, one after the other', async () => {
    const { url } = await startGateway(closing)
    const calls = PAGE.split('\n').filter((line) => line.startsWith('curl '))
    expect(calls.length).to.be.greaterThan(20)
    let key = ''
    for (const line of calls) {
      const path = /http:\/\/127\.0\.0\.1:3456(\/[^\s']*)/.exec(line)?.[1] ?? ''
      const method = /-X (\w+)/.exec(line)?.[1] ?? 'GET'
      const body = / -d '(.*)'$/.exec(line)?.[1]
      const header = /-H '([^:]+): ([^']*)'/.exec(line)
      const headers: Record<string, string> = key === '' ? {} : { 'x-api-key': key }
      if (header !== null) headers[header[1] ?? ''] = header[2] ?? ''
      const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) })
      const text = await answer.text()
      expect(answer.status, `${line}\n${text}`).to.be.oneOf([200, 201])
      // From the first key on, every call needs one.
      if (text.includes('"name":"boss"') && key === '') key = JSON.parse(text).key ?? ''
    }
    expect(key).to.match(/^il-/)
  })

  it('every path of its table is one that is served, with a key only', async () => {
    const keys = { apiKey: 'main-key-1', apiKeys: [] }
    const { url } = await startGateway(closing, {}, { keys })
    const table = PAGE.slice(PAGE.indexOf('| path |'), PAGE.indexOf('`/providers` is reachable'))
    const paths = new Set(
      [...table.matchAll(/(\/(?:providers|switch|status|admin)[^`,;\s]*)/g)].map((found) => found[1] ?? ''),
    )
    for (const path of paths) expect((await fetch(url + path.replace(/\{\w+\}/g, 'x'))).status, path).to.equal(401)
    expect(paths.size).to.be.greaterThan(12)
  })
})
