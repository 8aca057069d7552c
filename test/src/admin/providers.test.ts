import SqliteDatabase from 'better-sqlite3'
import { expect } from 'chai'
import { expectRefusal, KEY, useAdmin } from './use-admin.ts'

describe('the admin API', () => {
  const admin = useAdmin()
  const { call, served, closing } = admin

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
      expect(admin.store.providerKeys.list()[0]?.secret).to.equal(KEY)
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
        expect(admin.store.providers.list()).to.deep.equal([])
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
      expect(admin.store.providerKeys.list().map((key) => key.secret)).to.deep.equal([
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
        expect(admin.store.providerKeys.list()).to.have.lengthOf(1)
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
      expect(admin.store.providerKeys.list()).to.deep.equal([])
      expect((await call('DELETE', '/providers/openai')).status).to.equal(404)
    })

    it('F79: another process that writes makes it 503, and nothing is half done', async () => {
      const other = closing.add(new SqliteDatabase(admin.store.file), (database) => database.close())
      other.exec('BEGIN IMMEDIATE')
      expectRefusal(await call('PUT', '/providers/openai', { enabled: false }), 503, 'unavailable_error', /try again/)
      other.exec('ROLLBACK')
      expect((await call('PUT', '/providers/openai', { enabled: false })).status).to.equal(200)
    })

    it('B035: our own fault is 500 without a word of what it was, and is reported', async () => {
      admin.store.close()
      const answer = await call('GET', '/providers')
      expectRefusal(answer, 500, 'api_error', /^The gateway failed by a fault of its own; its log tells more\.$/)
      expect(String(admin.faults.pop())).to.match(/not open/)
    })
  })
})
