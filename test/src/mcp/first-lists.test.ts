import { expect } from 'chai'
import { createFirstLists } from '../../../src/mcp/first-lists.ts'
import { testContext } from '../../support/mcp/client-session.ts'
import { createFakeServers, type FakeServer } from '../../support/mcp/fake-servers.ts'

const server = (name: string, catalogue?: object): FakeServer => ({
  name,
  eras: ['legacy'],
  behave: () => {},
  ...(catalogue === undefined ? {} : { catalogue }),
})
const SCOPE = { group: undefined, server: undefined }

describe('mcp/first-lists', () => {
  it('M80: nobody waits where the lists of one server are known', async () => {
    const context = testContext(createFakeServers([server('dead'), server('known', {})]), { firstListMs: 1e6 })
    await createFirstLists(context).wait(SCOPE)
  })

  it('M77: the first client of all waits for the first lists', async () => {
    let known = false
    let tell: (server: string | undefined) => void = () => {}
    const servers = createFakeServers([server('new')])
    const catalogue: any = {}
    const context = testContext(
      {
        ...servers,
        catalogueOf: () => (known ? catalogue : undefined),
        onChange: (changed) => {
          tell = changed
          return () => {}
        },
      },
      { firstListMs: 1e6 },
    )
    let isOver = false
    const waiting = createFirstLists(context)
      .wait(SCOPE)
      .then(() => (isOver = true))
    tell('new')
    await new Promise((resolve) => setImmediate(resolve))
    expect(isOver).to.equal(false)
    known = true
    tell('new')
    await waiting
  })

  it('M80: a server that never tells anything is waited for once', async () => {
    const first = createFirstLists(testContext(createFakeServers([server('dead')]), { firstListMs: 5 }))
    await first.wait(SCOPE)
    const before = performance.now()
    for (let n = 0; n < 100; n += 1) await first.wait(SCOPE)
    expect(performance.now() - before).to.be.lessThan(100)
  })
})
