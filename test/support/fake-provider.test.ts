import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { createClosing, makeTempDir } from './close-all.ts'
import { defer } from './deferred.ts'
import { bytewise, cutAt, HANG_UP, RESET, startFakeProvider } from './fake-provider.ts'
import { openRaw } from './raw-client.ts'

describe('support/fake-provider', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())
  const start = async (...all: Parameters<typeof startFakeProvider>) =>
    closing.add(await startFakeProvider(...all), (provider) => provider.close())

  it('remembers every request as it came', async () => {
    const provider = await start()
    await fetch(`${provider.url}/v1/x?y=1`, { method: 'POST', headers: { 'X-Own': 'é' }, body: '{"a":1}' })
    await fetch(`${provider.url}/v1/x`, { method: 'POST', body: 'no json' })
    const [first, second] = provider.requests
    expect(first).to.deep.include({ method: 'POST', path: '/v1/x?y=1', json: { a: 1 } })
    expect(first!.body.toString()).to.equal('{"a":1}')
    expect(first!.rawHeaders.map((text) => text.toLowerCase())).to.include('x-own')
    expect(second!.json).to.equal(undefined)
    expect(await first!.over).to.equal(true)
  })

  it('answers by the queue first, then by its function, then with an empty object', async () => {
    const provider = await start(() => ({ kind: 'answer', status: 418, body: { tea: true } }))
    provider.queue({ kind: 'answer', status: 201, headers: { 'x-one': '1' }, body: [1] })
    const first = await fetch(provider.url)
    expect([first.status, first.headers.get('x-one'), await first.json()]).to.deep.equal([201, '1', [1]])
    expect((await fetch(provider.url)).status).to.equal(418)
    expect(await (await fetch((await start()).url)).json()).to.deep.equal({})
  })

  it('waits in a stream until the test lets it go on', async () => {
    const gate = defer()
    const provider = await start(() => ({ kind: 'stream', steps: ['one', gate.promise, 'two'] }))
    const client = openRaw(provider.port)
    client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    await client.until((text) => text.includes('one'))
    expect(client.text).not.to.include('two')
    gate.resolve()
    await client.until((text) => text.endsWith('0\r\n\r\n'))
    client.socket.destroy()
    await provider.idle()
  })

  it('breaks connections as it is told, and tells who broke them', async () => {
    const provider = await start()
    for (const step of [RESET, HANG_UP]) {
      provider.queue({ kind: 'stream', steps: ['some', step] })
      const text = await fetch(provider.url)
        .then((response) => response.text())
        .catch((error: Error) => error.name)
      expect(text).to.equal('TypeError')
    }
    for (const request of provider.requests) expect(await request.over).to.equal(false)
    await provider.idle()
    expect(provider.connections.open).to.equal(0)
  })

  it('cuts text at bytes', () => {
    expect(cutAt('aéb', 1, 2).map((piece) => [...(piece as Uint8Array)])).to.deep.equal([[97], [0xc3], [0xa9, 98]])
    expect(bytewise('é')).to.deep.equal([Uint8Array.of(0xc3), Uint8Array.of(0xa9)])
  })
})

describe('support/close-all', () => {
  it('closes the youngest first, all of them also when one fails, and folders too', async () => {
    const closing = createClosing()
    const order: string[] = []
    const folder = await makeTempDir(closing)
    closing.add('first', (name) => order.push(name))
    closing.add('second', () => {
      throw new Error('second')
    })
    closing.add('third', async (name) => order.push(name))
    const failed = await closing.closeAll().catch((error: Error) => error.message)
    expect(failed).to.equal('second')
    expect(order).to.deep.equal(['third', 'first'])
    expect(existsSync(folder)).to.equal(false)
    await closing.closeAll()
    expect(order).to.have.length(2)
  })
})
