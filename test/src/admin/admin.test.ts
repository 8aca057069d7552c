import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import SqliteDatabase from 'better-sqlite3'
import { expect } from 'chai'
import express from 'express'
import { createAdmin } from '../../../src/admin/admin.ts'
import { type Registry, ROUTING } from '../../../src/registry/registry.ts'
import type { Store } from '../../../src/store/open-store.ts'
import { createClosing } from '../../support/close-all.ts'
import { glanceAt, openTestRegistry } from '../../support/registry.ts'

interface Answer {
  readonly status: number
  readonly text: string
  readonly body: any
}

describe('the admin API', () => {
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

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (text !== '') expect(response.headers.get('content-type')).to.match(/^application\/json/)
    return { status: response.status, text, body: text === '' ? undefined : JSON.parse(text) }
  }

  function expectRefusal(answer: Answer, status: number, type: string, message: RegExp, field?: string): void {
    expect(answer.status, answer.text).to.equal(status)
    expect(answer.body.error.type).to.equal(type)
    expect(answer.body.error.message).to.match(message)
    expect(answer.body.error.details?.field).to.equal(field)
  }

  function served(model: string, group = 'default'): string {
    const [target] = registry.snapshot().resolveTargets(group, model, glanceAt()).targets
    return `${target?.provider.baseUrl} ${target?.model} ${target?.key?.secret}`
  }

  const KEY = 'sk-proj-0123456789abcdefWXYZ'

  describe('POST /providers', () => {
    it('X16, A199, B020: adds a provider from the curl line of the guide, which serves the next request', async () => {
      const answer = await call(
        'POST',
        '/providers',
        '{"name":"openai","api_key":"sk-...","models":["gpt-4"],"enabled":true}',
        {
          'content-type': 'application/json',
          'x-api-key': 'your-ccproxy-api-key',
        },
      )
      expect(answer.status).to.equal(201)
      expect(answer.body).to.deep.include({
        name: 'openai',
        protocol: 'openai-chat',
        api_base_url: 'https://api.openai.com/v1',
        models: ['gpt-4'],
        enabled: true,
      })
      expect(served('openai,gpt-4')).to.equal('https://api.openai.com/v1 gpt-4 sk-...')
    })

    it('X16, B021: changes the one of this name and keeps what is not said', async () => {
      await call('POST', '/providers', { name: 'openai', api_key: KEY, models: ['gpt-4'], headers: { 'x-a': '1' } })
      const answer = await call('POST', '/providers', { name: 'OpenAI', models: ['gpt-4o'] })
      expect(answer.status).to.equal(200)
      expect(answer.body).to.deep.include({ name: 'openai', models: ['gpt-4o'], header_names: ['x-a'] })
      expect(served('gpt-4o')).to.contain(KEY)
    })

    it('X16: takes both spellings of its fields, but not both at once', async () => {
      const camel = { name: 'mine', apiKey: KEY, apiBaseUrl: 'http://127.0.0.1:9/v1' }
      expect((await call('POST', '/providers', camel)).status).to.equal(201)
      expect(served('mine/m')).to.equal(`http://127.0.0.1:9/v1 m ${KEY}`)
      expectRefusal(
        await call('POST', '/providers', { ...camel, api_key: 'x' }),
        400,
        'invalid_request_error',
        /twice/,
        'api_key',
      )
    })

    it('A209: trims keys', async () => {
      await call('POST', '/providers', { name: 'openai', api_key: ` ${KEY}\n` })
      expect(store.providerKeys.list()[0]?.secret).to.equal(KEY)
    })

    it('X24: takes the body for JSON whatever it is called', async () => {
      for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/xml; charset=utf-8']) {
        const answer = await call('POST', '/providers', { name: 'groq', api_key: KEY }, { 'content-type': type })
        expect(answer.status, type).to.be.oneOf([200, 201])
      }
    })

    const REFUSED = [
      ['no name', { api_key: KEY }, /name is required/, 'name'],
      ['no base URL for an unknown name', { name: 'mine' }, /api_base_url is required/, 'providers.mine.api_base_url'],
      [
        'S5: a base URL that is no http',
        { name: 'mine', api_base_url: 'file:///etc/passwd' },
        /http:\/\//,
        'api_base_url',
      ],
      [
        'S5: a base URL with a password',
        { name: 'mine', api_base_url: 'https://u:canary@x.test' },
        /without a name or password/,
        'providers.mine.api_base_url',
      ],
      [
        'a protocol that there is not',
        { name: 'mine', api_base_url: 'https://x.test', protocol: 'soap' },
        /must be one of/,
        'providers.mine.protocol',
      ],
      [
        'S6: a key with a line break in it',
        { name: 'openai', api_key: 'canary\r\nx: y' },
        /no HTTP header can carry/,
        'providers.openai.api_key',
      ],
      ['models that are no list', { name: 'openai', models: 'gpt-4' }, /models must be a list/, 'models'],
      ['enabled as text', { name: 'openai', enabled: 'yes' }, /enabled must be true or false/, 'enabled'],
      ['a list', [], /must be an object/, ''],
      ['B031: no JSON', '{"name": "openai"', /no JSON: line 1/, undefined],
      ['nothing', '', /empty/, undefined],
      ['S8: a prototype', '{"__proto__": {"name": "openai"}}', /name is required/, 'name'],
    ] as const
    for (const [title, body, message, field] of REFUSED) {
      it(`refuses ${title}, and stores nothing of it`, async () => {
        const answer = await call('POST', '/providers', body)
        expectRefusal(answer, 400, 'invalid_request_error', message, field)
        expect(answer.text).to.not.contain('canary')
        expect(store.providers.list()).to.deep.equal([])
      })
    }

    it('tells all that is wrong with the shape at once', async () => {
      const answer = await call('POST', '/providers', { api_key: 1, models: {} })
      for (const part of ['name is required', 'api_key must be text', 'models must be a list']) {
        expect(answer.body.error.message).to.contain(part)
      }
    })

    it('refuses a body beyond its limit', async () => {
      const answer = await call('POST', '/providers', { name: 'x'.repeat(1_100_000) })
      expectRefusal(answer, 413, 'invalid_request_error', /too large/)
    })

    it('refuses nesting without end', async () => {
      const answer = await call('POST', '/providers', '['.repeat(200_000))
      expectRefusal(answer, 400, 'invalid_request_error', /no JSON/)
    })
  })

  describe('GET, PUT and DELETE of providers', () => {
    beforeEach(async () => {
      await call('POST', '/providers', {
        name: 'openai',
        api_keys: [KEY, 'sk-other-key-000000-5678', 'short678'],
        models: ['gpt-4'],
      })
    })

    it('B019, B022, A025: lists all and shows one', async () => {
      const list = await call('GET', '/providers')
      expect(list.body).to.have.lengthOf(1)
      const one = await call('GET', '/providers/openai')
      expect(one.body).to.deep.equal(list.body[0])
      expect(one.body).to.have.all.keys(
        'name',
        'protocol',
        'api_base_url',
        'api_key',
        'api_keys',
        'models',
        'enabled',
        'header_names',
        'owner',
        'health',
        'created_at',
        'updated_at',
      )
      expect(one.body.owner).to.match(/^(file|api)$/)
      expect(Date.parse(one.body.created_at)).to.be.closeTo(Date.now(), 60_000)
    })

    it('S10, X32: shows of a key its last four characters at most, and of a short one nothing', async () => {
      await call('PUT', '/providers/openai', { headers: { 'x-secret': 'canary' } })
      const answer = await call('GET', '/providers/openai')
      expect(answer.body.api_keys).to.deep.equal(['sk-…WXYZ', 'sk-…5678', '…'])
      expect(answer.text).to.not.contain('canary')
      for (const secret of [KEY, 'sk-proj', 'short', '0123456789']) expect(answer.text).to.not.contain(secret)
    })

    it('B022, B023, B024: an unknown name is 404', async () => {
      for (const [method, body] of [
        ['GET', undefined],
        ['PUT', {}],
        ['DELETE', undefined],
      ] as const) {
        expectRefusal(await call(method, '/providers/nobody', body), 404, 'not_found_error', /no provider "nobody"/)
      }
    })

    it('A201, A192, X24: PUT without a content type disables it, and the next request is refused', async () => {
      const answer = await call('PUT', '/providers/openai', '{"enabled": false}', {
        'content-type': 'application/x-www-form-urlencoded',
      })
      expect(answer.status).to.equal(200)
      expect(answer.body).to.deep.include({ enabled: false, models: ['gpt-4'] })
      expect(() => served('openai,gpt-4')).to.throw(/openai is disabled/)
    })

    it('a field that nobody knows is refused with the nearest known one, and nothing is changed', async () => {
      await call('POST', '/providers', { name: 'acme', api_base_url: 'http://127.0.0.1:9' })
      const answer = await call('PUT', '/providers/acme', { enabeld: false })
      expect(answer.status).to.equal(400)
      expect(JSON.stringify(answer)).to.contain('the nearest known one is enabled')
    })

    it('trap 158: what was shown may be written back as it is, and the keys stay', async () => {
      const { body } = await call('GET', '/providers/openai')
      const answer = await call('PUT', '/providers/openai', { ...body, enabled: false })
      expect(answer.status, answer.text).to.equal(200)
      expect(store.providerKeys.list().map((key) => key.secret)).to.deep.equal([
        KEY,
        'sk-other-key-000000-5678',
        'short678',
      ])
    })

    it('trap 158: a masked key that is none of its own is refused, and so is one among new ones', async () => {
      expectRefusal(
        await call('PUT', '/providers/openai', { api_key: 'sk-…0000' }),
        400,
        'invalid_request_error',
        /as it was shown/,
        'api_key',
      )
      expectRefusal(
        await call('PUT', '/providers/openai', { api_keys: ['sk-…WXYZ', 'sk-new-new-new-new'] }),
        400,
        'invalid_request_error',
        /as it was shown/,
        'api_key',
      )
    })

    it('keeps what is known of models when they are written back', async () => {
      const model = {
        name: 'm',
        display_name: 'M',
        context_tokens: 5,
        max_output_tokens: 6,
        default_max_output_tokens: 4,
        capabilities: { tools: false, json_schema: true },
        enabled: false,
      }
      await call('PUT', '/providers/openai', { models: [model, 'plain'] })
      const { body } = await call('GET', '/providers/openai')
      expect(body.models).to.deep.equal([model, 'plain'])
    })

    it('does not give it another name', async () => {
      expectRefusal(
        await call('PUT', '/providers/openai', { name: 'other' }),
        400,
        'invalid_request_error',
        /another name/,
        'name',
      )
    })

    it('B027: finds a name that is percent-encoded, and refuses an escape that is none', async () => {
      await call('POST', '/providers', { name: 'my prov', api_base_url: 'http://127.0.0.1:1' })
      expect((await call('GET', '/providers/my%20prov')).body.name).to.equal('my prov')
      expectRefusal(await call('GET', '/providers/%ff'), 400, 'invalid_request_error', /percent-escape|decode/)
    })

    const MOVES = ['https://evil.test/v1', 'https://api.openai.com:444/v1', 'http://api.openai.com/v1']
    for (const move of MOVES) {
      it(`S4: the stored key does not go along to ${move}: the call is refused and changes nothing`, async () => {
        const answer = await call('PUT', '/providers/openai', { api_base_url: move, enabled: false })
        expectRefusal(answer, 400, 'invalid_request_error', /stored key/, 'providers.openai.api_base_url')
        expect(served('openai,gpt-4')).to.match(/^https:\/\/api\.openai\.com\/v1 gpt-4 /)
      })
      it(`S4: a mask is no new key for ${move}`, async () => {
        const answer = await call('PUT', '/providers/openai', { api_base_url: move, api_keys: ['sk-…WXYZ'] })
        expectRefusal(answer, 400, 'invalid_request_error', /stored key/, 'providers.openai.api_base_url')
      })
      it(`S4: with a new key in the same call it moves to ${move}, and the old ones are gone`, async () => {
        const answer = await call('PUT', '/providers/openai', { api_base_url: move, api_key: 'sk-new' })
        expect(answer.status, answer.text).to.equal(200)
        expect(served('openai,gpt-4')).to.equal(`${move} gpt-4 sk-new`)
        expect(store.providerKeys.list()).to.have.lengthOf(1)
      })
    }

    it('S4: stored headers may hold a key and do not go along either', async () => {
      await call('PUT', '/providers/openai', { headers: { authorization: 'Bearer canary' } })
      const move = { api_base_url: 'https://evil.test', api_key: 'sk-new' }
      expectRefusal(
        await call('PUT', '/providers/openai', move),
        400,
        'invalid_request_error',
        /headers/,
        'providers.openai.api_base_url',
      )
      expect((await call('PUT', '/providers/openai', { ...move, headers: {} })).status).to.equal(200)
    })

    it('S4: another path of the same origin keeps the key', async () => {
      await call('PUT', '/providers/openai', { api_base_url: 'https://api.openai.com/v2/' })
      expect(served('openai,gpt-4')).to.match(/^https:\/\/api\.openai\.com\/v2 gpt-4 /)
    })

    it('A202: DELETE removes it with all that belongs to it; a second one is 404', async () => {
      expect((await call('DELETE', '/providers/openai')).body).to.deep.equal({ name: 'openai', deleted: true })
      expect((await call('GET', '/providers/openai')).status).to.equal(404)
      expect(() => served('openai,gpt-4')).to.throw(/has no model/)
      expect(store.providerKeys.list()).to.deep.equal([])
      expect((await call('DELETE', '/providers/openai')).status).to.equal(404)
    })

    it('F79: another process that writes makes it 503, and nothing is half done', async () => {
      const other = closing.add(new SqliteDatabase(store.file), (database) => database.close())
      other.exec('BEGIN IMMEDIATE')
      expectRefusal(await call('PUT', '/providers/openai', { enabled: false }), 503, 'unavailable_error', /try again/)
      other.exec('ROLLBACK')
      expect((await call('PUT', '/providers/openai', { enabled: false })).status).to.equal(200)
    })

    it('B035: our own fault is 500 without a word of what it was, and is reported', async () => {
      store.close()
      const answer = await call('GET', '/providers')
      expectRefusal(answer, 500, 'api_error', /^The gateway failed by a fault of its own; its log tells more\.$/)
      expect(String(faults.pop())).to.match(/not open/)
    })
  })

  describe('groups', () => {
    beforeEach(async () => {
      await call('POST', '/providers', { name: 'openai', api_key: KEY, models: ['gpt-4o'] })
    })

    it('lists all with their aliases and which is active', async () => {
      await call('PUT', '/admin/groups/team', {
        description: 'Ours',
        tool_mode: 'compat',
        aliases: { fast: 'openai/gpt-4o' },
      })
      const { body } = await call('GET', '/admin/groups')
      expect(body.map((group: any) => [group.name, group.active])).to.deep.equal([
        ['default', true],
        ['demo', false],
        ['team', false],
      ])
      expect(body[2].created_at).to.match(/Z$/)
      expect(body[2]).to.deep.equal({
        created_at: body[2].created_at,
        name: 'team',
        description: 'Ours',
        enabled: true,
        open: false,
        tool_mode: 'compat',
        active: false,
        owner: 'api',
        header_names: [],
        aliases: { fast: [{ provider: 'openai', model: 'gpt-4o', weight: 1, priority: 0, parameters: {} }] },
        routes: {},
      })
    })

    it('adds a group with 201 and changes it with 200, field by field', async () => {
      expect((await call('PUT', '/admin/groups/team', { description: 'Ours', open: true })).status).to.equal(201)
      const answer = await call('PUT', '/admin/groups/team', { enabled: false })
      expect(answer.status).to.equal(200)
      expect(answer.body).to.include({ description: 'Ours', open: true, enabled: false })
      expect(() => served('gpt-4o', 'team')).to.throw(/disabled/)
    })

    it('lesson 1: refuses the name of a path of the gateway', async () => {
      for (const name of ['v1', 'Switch', 'compat_mode', 'mcp', '%2e%2e%2e', 'a%20b']) {
        expectRefusal(
          await call('PUT', `/admin/groups/${name}`, {}),
          400,
          'invalid_request_error',
          /no name for a group/,
          `groups.${decodeURIComponent(name)}`,
        )
      }
    })

    it('adds an alias with a name that has to be escaped, and gives it other targets', async () => {
      const path = '/admin/groups/default/aliases/claude%2Fopus-*'
      expect((await call('PUT', path, '"openai/gpt-4o"')).status).to.equal(201)
      expect(served('claude/opus-4')).to.contain(' gpt-4o ')
      const targets = [
        { provider: 'OpenAI', model: 'o1', weight: 2, priority: 1, parameters: { max_tokens: 5, stop: 'x' } },
      ]
      const answer = await call('PUT', path, targets)
      expect(answer.status).to.equal(200)
      expect(answer.body.targets).to.deep.equal([
        { provider: 'openai', model: 'o1', weight: 2, priority: 1, parameters: { max_tokens: 5, stop: ['x'] } },
      ])
      expect((await call('PUT', path, answer.body.targets)).body, 'what is shown may be written back').to.deep.equal(
        answer.body,
      )
    })

    const REFUSED = [
      ['a provider that there is not', '"opnai/gpt-4o"', /did you mean openai/, 'groups.default.aliases.x'],
      ['a text that names no provider', '"gpt-4o"', /must name a provider/, ''],
      ['an empty list', '[]', /must not be empty/, ''],
      [
        'A101: a parameter out of its range',
        '{"provider":"openai","model":"m","parameters":{"temperature":3}}',
        /temperature must be at most 2/,
        'parameters.temperature',
      ],
      ['a number', '7', /must be/, ''],
    ] as const
    for (const [title, body, message, field] of REFUSED) {
      it(`refuses an alias with ${title}, and stores nothing of it`, async () => {
        const answer = await call('PUT', '/admin/groups/default/aliases/x', body)
        expectRefusal(answer, 400, 'invalid_request_error', message, field)
        expect(store.aliases.list()).to.deep.equal([])
      })
    }

    it('deletes an alias, and says when there is none', async () => {
      await call('PUT', '/admin/groups/default/aliases/fast', '"openai/gpt-4o"')
      expect((await call('DELETE', '/admin/groups/default/aliases/fast')).status).to.equal(200)
      expectRefusal(
        await call('DELETE', '/admin/groups/default/aliases/fast'),
        404,
        'not_found_error',
        /no alias "fast"/,
      )
      expectRefusal(
        await call('PUT', '/admin/groups/nobody/aliases/x', '"openai/gpt-4o"'),
        404,
        'not_found_error',
        /no group "nobody"/,
      )
    })

    it('deletes a group, but not the default one', async () => {
      expect((await call('DELETE', '/admin/groups/demo')).body).to.deep.equal({ name: 'demo', deleted: true })
      expect(registry.snapshot().groupNames).to.deep.equal(['default'])
      expectRefusal(await call('DELETE', '/admin/groups/demo'), 404, 'not_found_error', /no group "demo"/)
      expectRefusal(await call('DELETE', '/admin/groups/default'), 400, 'invalid_request_error', /cannot be deleted/)
    })
  })

  describe('/switch', () => {
    it('X34, CS13: tells the active group, and sets another one for the next request', async () => {
      expect((await call('GET', '/switch')).body).to.deep.equal({ group: 'default' })
      const answer = await call('PUT', '/switch', { group: 'demo' })
      expect([answer.status, answer.body]).to.deep.equal([200, { group: 'demo' }])
      expect(registry.snapshot().activeGroup).to.equal('demo')
      expect((await call('GET', '/switch')).body).to.deep.equal({ group: 'demo' })
    })

    it('refuses a group that there is not, that is disabled, or none at all', async () => {
      await call('PUT', '/admin/groups/off', { enabled: false })
      expectRefusal(
        await call('PUT', '/switch', { group: 'nobody' }),
        400,
        'invalid_request_error',
        /name of no group/,
        'group',
      )
      expectRefusal(
        await call('PUT', '/switch', { group: 'off' }),
        400,
        'invalid_request_error',
        /disabled group/,
        'group',
      )
      expectRefusal(await call('PUT', '/switch', {}), 400, 'invalid_request_error', /group is required/, 'group')
      expect(registry.snapshot().activeGroup).to.equal('default')
    })

    it('falls back to the default group when the active one is deleted', async () => {
      await call('PUT', '/switch', { group: 'demo' })
      await call('DELETE', '/admin/groups/demo')
      expect((await call('GET', '/switch')).body).to.deep.equal({ group: 'default' })
      expect(store.settings.read('active_group')).to.equal('default')
    })
  })
})
