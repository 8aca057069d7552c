import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { isFromThisMachine } from '../../../src/admin/from-this-machine.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'
import { startGateway, type TestGateway } from '../../support/gateway.ts'
import { byHand } from '../../support/mcp-upstream/servers.ts'

const SECRET = 'a-long-secret-of-many-letters-1234'

describe('/admin/mcp/servers', () => {
  const closing = createClosing()
  let gateway: TestGateway
  let list: string

  beforeEach(async () => {
    list = join(await makeTempDir(closing), 'tools.json')
    writeFileSync(list, JSON.stringify([{ name: 'read', description: 'Reads.' }]))
    const mcpServers = { 'from-file': { ...byHand('--list', list), env: { TOKEN: SECRET } } }
    gateway = await startGateway(closing, { mcpServers })
  })
  afterEach(() => closing.closeAll())

  async function call(method: string, path = '', body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${gateway.url}/admin/mcp/servers${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      text,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    }
  }

  it('S10 lists the servers, and shows what they are given masked', async () => {
    const { body, text } = await call('GET')
    expect(body).to.have.lengthOf(1)
    expect(body[0]).to.deep.include({ name: 'from-file', owner: 'file', enabled: true, env: { TOKEN: '…1234' } })
    expect(body[0].status).to.deep.include({ state: 'idle', links: 0, changed_tools: [] })
    expect(text).to.not.include(SECRET)
  })

  it('restart starts it and reads its lists; status tells of them', async () => {
    const { body } = await call('POST', '/from-file/restart')
    expect(body).to.include({ era: 'modern', tools: 1, protocol_version: '2026-07-28' })
    expect((await call('GET', '/from-file/status')).body).to.deep.include({ tools: 1, changed_tools: [] })
  })

  it('M90 stderr gives the last words of the process', async () => {
    await call('POST', '/from-file/restart')
    expect((await call('GET', '/from-file/stderr')).text).to.include('ready')
  })

  it('M80 a server that does not start has failed and is not healthy with no tools', async () => {
    await call('PUT', '/bad', { command: 'no-such-program-anywhere' })
    const { body } = await call('POST', '/bad/restart')
    expect(body).to.include({ state: 'failed' }).and.not.have.property('tools')
    expect(body.last_failure).to.include('there is no program')
  })

  it('M106 accept takes the descriptions as they are now', async () => {
    await call('POST', '/from-file/restart')
    writeFileSync(list, JSON.stringify([{ name: 'read', description: 'Reads all.' }]))
    expect((await call('POST', '/from-file/restart')).body.changed_tools).to.deep.equal(['read'])
    expect((await call('POST', '/from-file/accept', { tools: ['other'] })).body.accepted).to.deep.equal([])
    expect((await call('POST', '/from-file/accept')).body.accepted).to.deep.equal(['read'])
    expect((await call('GET', '/from-file/status')).body.changed_tools).to.deep.equal([])
  })

  it('PUT adds and changes, DELETE removes, and the hub knows at once', async () => {
    const put = await call('PUT', '/new', { url: 'https://api.example/mcp', headers: { authorization: SECRET } })
    expect(put.status).to.equal(201)
    expect(put.body).to.deep.include({ owner: 'admin', type: 'http', headers: { authorization: '…1234' } })
    expect((await call('PUT', '/new', { url: 'https://api.example/mcp', disabled: true })).status).to.equal(200)
    expect((await call('GET', '/new')).body).to.deep.include({ enabled: false, status: { state: 'disabled' } })
    expect((await call('DELETE', '/new')).body).to.deep.equal({ name: 'new', deleted: true })
    expect((await call('GET', '/new')).status).to.equal(404)
  })

  it('trap 158: what is sent back as it was shown stays, but not for another server', async () => {
    const headers = { authorization: SECRET }
    const shown = (await call('PUT', '/new', { url: 'https://api.example/mcp', headers })).body
    expect((await call('PUT', '/new', shown)).status).to.equal(200)
    const definition: any = gateway.store.mcpServers.find('new')?.definition
    expect(definition.transport.headers).to.deep.equal(headers)
    expect((await call('PUT', '/new', { ...shown, url: 'https://evil.example/mcp' })).status).to.equal(400)
    expect((await call('PUT', '/new', { ...shown, headers: { authorization: '…9999' } })).status).to.equal(400)
  })

  it('M76 variables are not filled in from the environment', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how variables are written
    await call('PUT', '/new', { url: 'https://api.example/mcp', headers: { a: '${PATH}' } })
    const definition: any = gateway.store.mcpServers.find('new')?.definition
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how variables are written
    expect(definition.transport.headers.a).to.equal('${PATH}')
  })

  it('toggle switches it off and on, whoever owns it', async () => {
    expect((await call('POST', '/from-file/toggle')).body).to.include({ enabled: false, owner: 'file' })
    expect((await call('POST', '/from-file/toggle', { enabled: true })).body).to.include({ enabled: true })
  })

  const REFUSED: readonly (readonly [string, string, unknown])[] = [
    ['a name with the separator', '/a__b', { command: 'x' }],
    ['neither command nor url', '/a', {}],
    ['a mistyped field', '/a', { comand: 'x' }],
    ['a URL of another scheme', '/a', { url: 'file:///x' }],
  ]
  for (const [title, path, body] of REFUSED) {
    it(`refuses ${title}`, async () => {
      expect((await call('PUT', path, body)).status).to.equal(400)
      expect(gateway.store.mcpServers.list()).to.have.lengthOf(1)
    })
  }

  const SOCKETS: readonly (readonly [string, string | undefined, Record<string, string>, boolean])[] = [
    ['this machine', '127.0.0.1', {}, true],
    ['this machine over IPv6', '::1', {}, true],
    ['this machine, as IPv6 writes it', '::ffff:127.0.0.1', {}, true],
    ['another machine', '192.168.1.7', {}, false],
    ['another machine behind a proxy of this one', '127.0.0.1', { 'x-forwarded-for': '8.8.8.8' }, false],
    ['a tunnel', '127.0.0.1', { forwarded: 'for=8.8.8.8' }, false],
  ]
  for (const [title, remoteAddress, headers, expected] of SOCKETS) {
    it(`M103 a command ${expected ? 'may' : 'must not'} come from ${title}`, () => {
      expect(isFromThisMachine({ socket: { remoteAddress }, headers } as never)).to.equal(expected)
    })
  }
})
