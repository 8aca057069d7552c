import { expect } from 'chai'
import { configFor } from '../../clients/back-ends.ts'
import { createClosing } from '../../support/close-all.ts'
import { startGateway } from '../../support/gateway.ts'
import { exchangeRaw } from '../../support/raw-client.ts'

describe('the wired gateway', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('S7: one grammar decides for pages too, however their path is written', async () => {
    const gateway = await startGateway(closing)
    const port = gateway.app.listening.port
    for (const target of [
      '/health',
      '//health',
      '/health/',
      '/%68ealth',
      `http://127.0.0.1:${port}/health`,
      '/health?x=1',
    ]) {
      const answer = await exchangeRaw(port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      expect(answer.status, target).to.equal(200)
      expect(JSON.parse(answer.body).status, target).to.equal('healthy')
    }
    for (const target of ['/Health', '/x/../health', '/switch/health', '/team/health']) {
      const answer = await exchangeRaw(port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      expect(answer.status, target).to.equal(404)
    }
  })

  it('S1, S2: pages and endpoints alike refuse foreign hosts and web pages', async () => {
    const gateway = await startGateway(closing)
    for (const path of ['/', '/health', '/providers', '/switch', '/v1/models', '/nothing']) {
      const foreign = await exchangeRaw(
        gateway.app.listening.port,
        `GET ${path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      )
      expect(foreign.status, path).to.equal(403)
      const page = await fetch(`${gateway.url}${path}`, { headers: { origin: 'https://evil.example' } })
      expect(page.status, path).to.equal(403)
      expect(page.headers.get('access-control-allow-origin')).to.equal(null)
    }
  })

  it('B018, B028: tells what it is in JSON and never in express words', async () => {
    const gateway = await startGateway(closing)
    for (const path of ['/', '/health', '/favicon.ico', '/providers/nobody', '/admin/nothing']) {
      const response = await fetch(`${gateway.url}${path}`)
      expect(response.headers.get('content-type'), path).to.contain('application/json')
      expect(response.headers.get('x-powered-by')).to.equal(null)
      expect(await response.json()).to.be.an('object')
    }
  })

  it('A199: a provider that is added while it runs serves the next request', async () => {
    const gateway = await startGateway(closing)
    const before: any = await (await fetch(`${gateway.url}/`)).json()
    expect(before.notice).to.contain('demo')
    const body = { name: 'acme', protocol: 'openai-chat', api_base_url: 'http://127.0.0.1:9', models: ['m'] }
    const added = await fetch(`${gateway.url}/providers`, { method: 'POST', body: JSON.stringify(body) })
    expect(added.status).to.equal(201)
    const models: any = await (await fetch(`${gateway.url}/v1/models`)).json()
    expect(models.data.map((model: { id: string }) => model.id)).to.deep.equal(['acme/m'])
    const after: any = await (await fetch(`${gateway.url}/`)).json()
    expect(after.notice).to.equal(undefined)
  })

  it('CS13: /switch tells and sets the group that /switch/v1/... stands for', async () => {
    const gateway = await startGateway(closing, configFor('openai-chat', 'http://127.0.0.1:9'))
    expect(await (await fetch(`${gateway.url}/switch`)).json()).to.deep.equal({ group: 'default' })
    const set = await fetch(`${gateway.url}/switch`, { method: 'PUT', body: JSON.stringify({ group: 'team' }) })
    expect(set.status).to.equal(200)
    const models: any = await (await fetch(`${gateway.url}/switch/v1/models`)).json()
    expect(models.data.map((model: { id: string }) => model.id)).to.deep.equal(['my-model'])
    const wrong = await fetch(`${gateway.url}/switch`, { method: 'PUT', body: JSON.stringify({ group: 'two' }) })
    expect(wrong.status).to.be.within(400, 404)
  })
})
