/** The keys with which the gateway is called, as they are managed while it runs. */
import { expect } from 'chai'
import { type AdminCall, createAdminClient } from '../../support/admin-client.ts'
import { createClosing } from '../../support/close-all.ts'
import { startGateway, type TestGateway } from '../../support/gateway.ts'

describe('/admin/keys', () => {
  const closing = createClosing()
  let gateway: TestGateway
  let open: AdminCall
  let moment: number

  beforeEach(async () => {
    moment = Date.parse('2026-11-01T00:00:00Z')
    gateway = await startGateway(closing, { groups: { team: { aliases: {} } } }, { now: () => new Date(moment) })
    open = createAdminClient(gateway.url)
  })
  afterEach(() => closing.closeAll())

  async function startWithAdmin(): Promise<{ admin: AdminCall; add: (body: object) => Promise<string> }> {
    const { status, body } = await open('POST', '/admin/keys', { name: 'boss', admin: true })
    expect(status).to.equal(201)
    const admin = createAdminClient(gateway.url, body.key)
    return { admin, add: async (given) => (await admin('POST', '/admin/keys', given)).body.key }
  }
  const statusOf = async (key: string, path = '/v1/models') =>
    (await fetch(gateway.url + path, { headers: { 'x-api-key': key } })).status

  it('tells a new key once: random, with a prefix by which scanners know it, and later only its end', async () => {
    const { admin, add } = await startWithAdmin()
    const [one, other] = [await add({ name: 'one' }), await add({ name: 'other' })]
    expect(one).to.match(/^il-[\w-]{43}$/)
    expect(one).to.not.equal(other)
    const { body, text } = await admin('GET', '/admin/keys')
    expect(body.map((key: any) => key.name)).to.deep.equal(['boss', 'one', 'other'])
    expect(body[1]).to.deep.include({
      hint: `…${one.slice(-4)}`,
      groups: null,
      enabled: true,
      admin: false,
      expired: false,
    })
    expect(text).to.not.contain(one.slice(3, 12))
    expect((await admin('GET', '/admin/export?secrets=true')).text).to.not.contain(one)
  })

  it('S18: from the first key on nobody is let in without one, and only an admin’s opens the management API', async () => {
    const refused = await open('POST', '/admin/keys', { name: 'ci' })
    expect([refused.status, refused.body.error.details.field]).to.deep.equal([400, 'admin'])
    expect(gateway.store.accessKeys.list()).to.deep.equal([])
    const { add } = await startWithAdmin()
    const ci = await add({ name: 'ci' })
    expect((await open('GET', '/admin/keys')).status).to.equal(401)
    expect(await statusOf('x')).to.equal(401)
    expect(await statusOf(ci)).to.equal(200)
    expect(await statusOf(ci, '/admin/keys')).to.equal(403)
  })

  it('a key opens its groups only, and none once it is disabled, has expired or is gone', async () => {
    const { admin, add } = await startWithAdmin()
    const key = await add({ name: 'ci', groups: ['Team'], expires_at: '2026-12-01' })
    expect((await admin('GET', '/admin/keys/ci')).body).to.deep.include({
      groups: ['team'],
      expires_at: '2026-12-01T00:00:00.000Z',
    })
    expect([await statusOf(key), await statusOf(key, '/team/v1/models')]).to.deep.equal([403, 200])
    await admin('PUT', '/admin/keys/ci', { groups: null })
    expect(await statusOf(key)).to.equal(200)
    await admin('PUT', '/admin/keys/ci', { enabled: false })
    expect(await statusOf(key)).to.equal(401)
    await admin('PUT', '/admin/keys/ci', { enabled: true })
    moment = Date.parse('2026-12-01T00:00:00Z')
    expect(await statusOf(key)).to.equal(401)
    expect((await admin('GET', '/admin/keys/ci')).body.expired).to.equal(true)
    await admin('PUT', '/admin/keys/ci', { expires_at: null })
    expect(await statusOf(key)).to.equal(200)
    const { body } = await admin('POST', '/admin/keys/ci/rotate')
    expect([await statusOf(key), await statusOf(body.key)]).to.deep.equal([401, 200])
    await admin('DELETE', '/admin/keys/ci')
    expect(await statusOf(body.key)).to.equal(401)
  })

  it('nobody shuts the door behind themselves, but the last key may go', async () => {
    const { admin } = await startWithAdmin()
    await admin('POST', '/admin/keys', { name: 'ci' })
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PUT', { admin: false }],
      ['PUT', { enabled: false }],
      ['PUT', { expires_at: '2020-01-01' }],
    ] as const) {
      const answer = await admin(method, '/admin/keys/boss', body)
      expect([answer.status, answer.body.error?.details?.field], answer.text).to.deep.equal([400, 'name'])
    }
    await admin('DELETE', '/admin/keys/ci')
    expect((await admin('DELETE', '/admin/keys/boss')).status).to.equal(200)
    expect((await open('GET', '/admin/keys')).body).to.deep.equal([])
  })

  const REFUSED = [
    ['no name', {}, 400, 'name'],
    ['the name of the file’s key', { name: 'APIKEY' }, 400, 'name'],
    ['a group that there is not', { name: 'a', groups: ['teem'] }, 400, 'groups.0'],
    ['a moment that is none', { name: 'a', expires_at: 'soon' }, 400, 'expires_at'],
    ['a secret of one’s own', { name: 'a', key: 'x' }, 400, 'key'],
    ['a name that is taken', { name: 'Boss' }, 409, 'name'],
  ] as const
  for (const [title, body, status, field] of REFUSED) {
    it(`refuses ${title}`, async () => {
      const { admin } = await startWithAdmin()
      const answer = await admin('POST', '/admin/keys', body)
      expect([answer.status, answer.body.error.details.field], answer.text).to.deep.equal([status, field])
      expect(gateway.store.accessKeys.list()).to.have.lengthOf(1)
    })
  }
})
