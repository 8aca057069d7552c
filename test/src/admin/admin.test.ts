import { expect } from 'chai'
import { expectRefusal, KEY, useAdmin } from './use-admin.ts'

describe('the admin API', () => {
  const admin = useAdmin()
  const { call, served } = admin

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
        expect(admin.store.aliases.list()).to.deep.equal([])
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
      expect(admin.registry.snapshot().groupNames).to.deep.equal(['default'])
      expectRefusal(await call('DELETE', '/admin/groups/demo'), 404, 'not_found_error', /no group "demo"/)
      expectRefusal(await call('DELETE', '/admin/groups/default'), 400, 'invalid_request_error', /cannot be deleted/)
    })
  })

  describe('/switch', () => {
    it('X34, CS13: tells the active group, and sets another one for the next request', async () => {
      expect((await call('GET', '/switch')).body).to.deep.equal({ group: 'default' })
      const answer = await call('PUT', '/switch', { group: 'demo' })
      expect([answer.status, answer.body]).to.deep.equal([200, { group: 'demo' }])
      expect(admin.registry.snapshot().activeGroup).to.equal('demo')
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
      expect(admin.registry.snapshot().activeGroup).to.equal('default')
    })

    it('falls back to the default group when the active one is deleted', async () => {
      await call('PUT', '/switch', { group: 'demo' })
      await call('DELETE', '/admin/groups/demo')
      expect((await call('GET', '/switch')).body).to.deep.equal({ group: 'default' })
      expect(admin.store.settings.read('active_group')).to.equal('default')
    })
  })
})
