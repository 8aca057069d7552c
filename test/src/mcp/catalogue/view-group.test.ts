import { expect } from 'chai'
import { readList } from '../../../../src/mcp/catalogue/read-list.ts'
import { viewGroup } from '../../../../src/mcp/catalogue/view-group.ts'
import type { Catalogue, Connection, GroupRules } from '../../../../src/mcp/upstream/connection.ts'

const FACTS = {
  era: 'legacy',
  protocolVersion: '2025-11-25',
  capabilities: { tools: {}, resources: {} },
  result: {},
} as const

function catalogue(server: string, lists: Partial<Catalogue>): Catalogue {
  return { server, facts: FACTS, tools: [], prompts: [], resources: [], resourceTemplates: [], ...lists }
}

const CATALOGUES = new Map([
  [
    'one',
    catalogue('one', {
      tools: [{ name: 'read', title: 'T', 'x-more': [1] }, { name: 'rm.all' }],
      prompts: [{ name: 'greet' }],
      resources: [{ uri: 'a:b', name: 'of one' }],
    }),
  ],
  [
    'two',
    catalogue('two', {
      tools: [{ name: 'read' }, { name: 'write' }],
      prompts: [{ name: 'greet' }, { name: 'bye' }],
      resources: [{ uri: 'a:b', name: 'of two' }, { uri: 'a:c' }],
      resourceTemplates: [{ uriTemplate: 'a:{id}' }],
    }),
  ],
])

function view(rules: Partial<GroupRules>) {
  return viewGroup({ servers: ['one', 'two'], naming: 'auto', ...rules }, (server) => CATALOGUES.get(server))
}

describe('viewGroup', () => {
  it('M64, M115 entries keep all their members and the order of configuration and server', () => {
    expect(view({}).lists.tools).to.deep.equal([
      { name: 'one__read', title: 'T', 'x-more': [1] },
      { name: 'rm_all' },
      { name: 'two__read' },
      { name: 'write' },
    ])
    expect(view({ servers: ['two', 'one'] }).lists.tools.map(({ name }) => name)).to.deep.equal([
      'two__read',
      'write',
      'one__read',
      'rm_all',
    ])
  })

  const HARMLESS = [
    ['a tool that says nothing', {}, true, false],
    ['a tool that reads only', { annotations: { readOnlyHint: true } }, true, true],
    ['a tool that may be called twice', { annotations: { idempotentHint: true } }, true, true],
    ['a tool that says it acts', { annotations: { readOnlyHint: false } }, true, false],
    [
      'a tool that reads only, where the group does not trust it',
      { annotations: { readOnlyHint: true } },
      false,
      false,
    ],
  ] as const
  for (const [title, tool, repeatReadOnlyTools, isHarmless] of HARMLESS) {
    it(`M84 ${title} is ${isHarmless ? '' : 'not '}called again when its server is lost`, () => {
      const rules = { servers: ['s'], naming: 'prefix', repeatReadOnlyTools } as const
      const seen = viewGroup(rules, () => catalogue('s', { tools: [{ name: 't', ...tool }, { name: 'other' }] }))
      expect(seen.isHarmless('s__t')).to.equal(isHarmless)
      expect([seen.isHarmless('s__other'), seen.isHarmless('nobody')]).to.deep.equal([false, false])
    })
  }

  it('M67 prompts are named like tools', () => {
    const seen = view({})
    expect(seen.lists.prompts.map(({ name }) => name)).to.deep.equal(['one__greet', 'two__greet', 'bye'])
    expect(seen.findPrompt('two__greet')).to.deep.equal({ server: 'two', name: 'greet' })
  })

  it('M67 URIs stay, and of two equal ones the first is shown and found', () => {
    const seen = view({})
    expect(seen.lists.resources).to.deep.equal([{ uri: 'a:b', name: 'of one' }, { uri: 'a:c' }])
    expect(['a:b', 'a:c', 'a:d', 'b:a'].map(seen.findResource)).to.deep.equal(['one', 'two', 'two', undefined])
  })

  it('M66 a name that nobody has is answered with near ones', () => {
    expect(view({}).findTool('wrote')).to.deep.equal({ near: ['write'] })
  })

  it('M110 allow and deny lists choose, and what they leave out is not found', () => {
    const seen = view({ allow: ['one__*', 'write'], deny: ['rm*'] })
    expect(seen.lists.tools.map(({ name }) => name)).to.deep.equal(['read', 'write'])
    expect(seen.findTool('rm.all')).to.deep.equal({ near: [] })
    expect(seen.nameTool('two', 'read')).to.equal(undefined)
  })

  it('overrides say something else of a tool', () => {
    const seen = view({ overrides: { one__read: { description: 'Ours.', title: 'Read' } } })
    expect(seen.lists.tools[0]).to.deep.equal({ name: 'one__read', title: 'Read', 'x-more': [1], description: 'Ours.' })
  })

  it('a single server under its own names is shown as it is', () => {
    const seen = view({ servers: ['one'], naming: 'plain' })
    expect(seen.lists.tools.map(({ name }) => name)).to.deep.equal(['read', 'rm.all'])
    expect(seen.lists.tools[0]).to.equal(CATALOGUES.get('one')?.tools[0])
  })

  it('M80 a server of which nothing is known takes nothing away', () => {
    expect(view({ servers: ['gone', 'two'] }).lists.tools.map(({ name }) => name)).to.deep.equal(['read', 'write'])
  })
})

describe('readList', () => {
  function connect(answer: (params: any) => object): Connection & { asked: number } {
    const connection = {
      server: 's',
      facts: FACTS,
      asked: 0,
      send() {},
      close() {},
      ask: async (_method: string, params: object | undefined) => {
        connection.asked += 1
        return { ...answer(params) }
      },
    }
    return connection
  }

  it('M60 all pages are read', async () => {
    const pages: any = { undefined: { tools: [{ name: 'a' }], nextCursor: '' }, '': { tools: [{ name: 'b' }] } }
    const { entries } = await readList(
      connect(({ cursor }) => pages[String(cursor)]),
      'tools',
      {},
    )
    expect(entries).to.deep.equal([{ name: 'a' }, { name: 'b' }])
  })

  it('M60 a cursor that comes again ends the reading', async () => {
    const connection = connect(() => ({ tools: [{ name: 'a' }], nextCursor: 'x' }))
    const { cutShort } = await readList(connection, 'tools', {})
    expect(cutShort).to.include('leads back')
    expect(connection.asked).to.equal(2)
  })

  it('M60 at most a hundred pages and ten thousand entries are read', async () => {
    let page = 0
    const nextCursor = (): string => {
      page += 1
      return String(page)
    }
    const endless = connect(() => ({ tools: [{ name: 'a' }], nextCursor: nextCursor() }))
    expect(await readList(endless, 'tools', {})).to.include({ cutShort: 'has more than 100 pages' })
    expect(endless.asked).to.equal(100)
    const many = Array.from({ length: 6000 }, (_, index) => ({ name: String(index) }))
    const huge = await readList(
      connect(() => ({ tools: many, nextCursor: nextCursor() })),
      'tools',
      {},
    )
    expect(huge.entries).to.have.lengthOf(10_000)
  })

  it('a list that the server does not declare is not asked for', async () => {
    const connection = connect(() => ({}))
    expect((await readList(connection, 'prompts', {})).entries).to.deep.equal([])
    expect(connection.asked).to.equal(0)
  })

  it('M33 pages have together the shortest time, and are private if one is', async () => {
    const pages: any = {
      undefined: { tools: [], ttlMs: 9, cacheScope: 'public', nextCursor: 'x' },
      x: { tools: [], ttlMs: 5, cacheScope: 'private' },
    }
    const { caching } = await readList(
      connect(({ cursor }) => pages[String(cursor)]),
      'tools',
      {},
    )
    expect(caching).to.deep.equal({ ttlMs: 5, cacheScope: 'private' })
  })
})
