/** What holds for every resource of the management API alike. */
import { expect } from 'chai'
import { type AdminCall, createAdminClient } from '../../support/admin-client.ts'
import { createClosing } from '../../support/close-all.ts'
import { startGateway, type TestGateway } from '../../support/gateway.ts'

const PROVIDER = { name: 'acme', protocol: 'openai-chat', api_base_url: 'http://127.0.0.1:9', api_key: 'k'.repeat(20) }

/** Path of a resource, what makes it, and a change of it. */
const RESOURCES = [
  ['a provider', '/providers/acme', 'PUT', { enabled: true }, { enabled: false }],
  ['a model', '/providers/acme/models/m%2Fone', 'PUT', {}, { context_tokens: 5 }],
  ['a group', '/admin/groups/team', 'PUT', {}, { description: 'Ours' }],
  ['an alias', '/admin/groups/default/aliases/a%2Fb', 'PUT', 'acme/m', 'acme/n'],
  [
    'a route',
    '/admin/groups/default/routes/think',
    'PUT',
    'acme/m',
    { provider: 'acme', model: 'n', fallbacks: ['acme/o'] },
  ],
  ['a key', '/admin/keys/ci', 'POST', { name: 'ci', admin: true, enabled: false }, { groups: ['default'] }],
] as const

describe('changes over HTTP', () => {
  const closing = createClosing()
  let gateway: TestGateway
  let call: AdminCall

  beforeEach(async () => {
    gateway = await startGateway(closing)
    call = createAdminClient(gateway.url)
    await call('POST', '/providers', PROVIDER)
  })
  afterEach(() => closing.closeAll())

  const snapshotOf = async () => (await call('GET', '/admin/export?secrets=true')).text
  const json = (value: unknown) => JSON.stringify(value)

  for (const [title, path, verb, first, second] of RESOURCES) {
    const place = verb === 'POST' ? path.slice(0, path.lastIndexOf('/')) : path

    it(`${title}: has an ETag, and a change that has not seen it is refused with 412`, async () => {
      const made = await call(verb, place, json(first))
      expect(made.status, made.text).to.be.oneOf([200, 201])
      const { tag, body } = await call('GET', path)
      expect(tag).to.match(/^"[rv]\S+"$/)
      expect(made.tag, 'the answer to a change is what a GET tells').to.equal(tag)
      const changed = await call('PUT', path, json(second), { 'if-match': tag })
      expect(changed.status, changed.text).to.equal(200)
      expect(changed.tag).to.not.equal(tag)
      const now = await call('GET', path)
      expect(now.body).to.deep.equal(changed.body)
      expect(now.body).to.not.deep.equal(body)
      for (const [method, given] of [
        ['PUT', json(first)],
        ['DELETE', undefined],
      ] as const) {
        const stale = await call(method, path, given, { 'if-match': tag })
        expect(stale.status, method).to.equal(412)
        expect(stale.body.error).to.deep.include({ type: 'conflict_error' })
        expect(stale.body.error.details.field).to.equal('If-Match')
      }
      expect((await call('GET', path)).body, 'nothing has changed').to.deep.equal(now.body)
      expect((await call('DELETE', path, undefined, { 'if-match': `"x", ${changed.tag}` })).status).to.equal(200)
      expect((await call('GET', path)).status).to.equal(404)
    })

    it(`${title}: If-None-Match: * makes it and does not change it`, async () => {
      if (title !== 'a provider') await call(verb, place, json(first), { 'if-none-match': '*' })
      const before = await call('GET', path)
      expect(before.status, before.text).to.equal(200)
      const again = await call(verb === 'POST' ? 'PUT' : verb, path, json(second), { 'if-none-match': '*' })
      expect(again.status, again.text).to.equal(412)
      expect((await call('GET', path)).body).to.deep.equal(before.body)
    })

    it(`${title}: a dry run tells what would be and leaves no trace`, async () => {
      const before = await snapshotOf()
      const dry = await call(verb, `${place}?dry_run=true`, json(first))
      expect(dry.status, dry.text).to.equal(200)
      expect(dry.body).to.deep.include({ dry_run: true, status: title === 'a provider' ? 200 : 201 })
      expect(dry.body.result.name).to.be.a('string')
      expect(dry.text, 'a key that will not be there is not told').to.not.contain('il-')
      expect(await snapshotOf()).to.equal(before)
      const gone = await call('GET', path)
      expect(gone.status).to.equal(title === 'a provider' ? 200 : 404)
      expect((await call('GET', '/admin/keys')).body).to.deep.equal([])
    })
  }

  it('a dry run is refused for what the change would be refused for, and so is one that is mistyped', async () => {
    const bad = await call('PUT', '/admin/groups/v1?dry_run=true', '{}')
    expect(bad.status).to.equal(400)
    expect(bad.body.error.details.field).to.equal('groups.v1')
    const typo = await call('DELETE', '/providers/acme?dry_run=ture')
    expect(typo.status).to.equal(400)
    expect((await call('GET', '/providers/acme')).status).to.equal(200)
  })

  it('50 parallel changes of different things, and of one thing, lose nothing', async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index)
    const made = await Promise.all(
      numbers.flatMap((index) => [
        call('PUT', `/admin/groups/default/aliases/a${index}`, `"acme/m${index}"`),
        call('PUT', `/providers/acme/models/m${index}`, '{}'),
      ]),
    )
    expect(new Set(made.map(({ status }) => status))).to.deep.equal(new Set([201]))
    const { body } = await call('GET', '/admin/groups/default')
    expect(Object.keys(body.aliases)).to.have.lengthOf(50)
    expect((await call('GET', '/providers/acme')).body.models).to.have.lengthOf(50)
  })

  it('of 50 who change what they have all seen one wins; whoever reads again and tries again is heard', async () => {
    const add = async (index: number): Promise<number> => {
      for (let tries = 1; ; tries += 1) {
        const { body, tag } = await call('GET', '/admin/groups/default')
        const models = [...(body.models ?? []), `m${index}`]
        const { status } = await call('PUT', '/admin/groups/default', { models }, { 'if-match': tag })
        if (status === 200) return tries
        expect(status).to.equal(412)
      }
    }
    await Promise.all(Array.from({ length: 50 }, (_, index) => add(index)))
    expect((await call('GET', '/admin/groups/default')).body.models).to.have.lengthOf(50)
  })
})
