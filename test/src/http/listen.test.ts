import { Agent, get, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { expect } from 'chai'
import { type Listening, type ListenOptions, listen } from '../../../src/http/listen.ts'
import { createClosing } from '../../support/close-all.ts'
import { defer } from '../../support/deferred.ts'
import { exchangeRaw, openRaw, parseAnswer } from '../../support/raw-client.ts'

describe('http/listen', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const start = async (handler: RequestListener, options: Partial<ListenOptions> = {}): Promise<Listening> =>
    closing.add(await listen(handler, { host: '127.0.0.1', port: 0, ...options }), (listening) => listening.drain(0))
  const answerOk: RequestListener = (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"ok":true}')
  }

  describe('addresses', () => {
    it('tells the address that it bound and a URL that works', async () => {
      const listening = await start(answerOk)
      expect(listening.host).to.equal('127.0.0.1')
      expect(listening.url).to.equal(`http://127.0.0.1:${listening.port}`)
      expect(await (await fetch(listening.url)).json()).to.deep.equal({ ok: true })
    })

    for (const host of ['::1', '::']) {
      it(`F96: ${host} is printed in brackets, as something that works`, async function () {
        const listening = await start(answerOk, { host }).catch(() => this.skip())
        expect(listening.url).to.equal(`http://[::1]:${listening.port}`)
        expect(await (await fetch(listening.url)).json()).to.deep.equal({ ok: true })
      })
    }

    it('all addresses are printed as the loopback one', async () => {
      const listening = await start(answerOk, { host: '0.0.0.0' })
      expect(listening.url).to.equal(`http://127.0.0.1:${listening.port}`)
    })

    const failureOf = (options: ListenOptions) =>
      listen(answerOk, options).then(
        () => '',
        (error: Error) => error.message,
      )

    it('F96, lesson 14: a port that is taken is told in one sentence', async () => {
      const { port } = await start(answerOk)
      expect(await failureOf({ host: '127.0.0.1', port })).to.equal(
        `Port ${port} on 127.0.0.1 is taken by another program (perhaps another Interlingua): stop that one or choose another port.`,
      )
    })

    it('F96: an address that is not ours is told in one sentence', async () => {
      expect(await failureOf({ host: '192.0.2.1', port: 0 })).to.match(/^This machine has no address 192\.0\.2\.1/)
    })
  })

  describe('bytes that are no request get an answer in JSON', () => {
    const ROWS = [
      ['F14: headers of more than 16 KB', 431, `GET / HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(20_000)}\r\n\r\n`],
      ['F14: a NUL in a header', 400, 'GET / HTTP/1.1\r\nhost: x\r\na: b\u0000c\r\n\r\n'],
      ['F14: an obsolete folded header', 400, 'GET / HTTP/1.1\r\nhost: x\r\n bad fold\r\n\r\n'],
      ['F15: two lengths', 400, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
      [
        'F15: a length and chunks',
        400,
        'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      ],
      ['F21: TLS on the plain port', 400, '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
      ['no HTTP at all', 400, 'SSH-2.0-OpenSSH_9.9\r\n'],
    ] as const
    for (const [title, status, bytes] of ROWS) {
      it(title, async () => {
        let reached = false
        const { port } = await start((request, response) => {
          reached = true
          answerOk(request, response)
        })
        const answer = await exchangeRaw(port, Buffer.from(bytes, 'latin1'))
        expect(answer.status).to.equal(status)
        expect(answer.headers).to.include({ 'content-type': 'application/json', connection: 'close' })
        expect(answer.json.error.message).to.be.a('string').and.not.equal('')
        expect(reached).to.equal(false)
        expect((await fetch(`http://127.0.0.1:${port}`)).status).to.equal(200)
      })
    }

    for (const [title, bytes] of [
      ['F15: a chunk size that is none', 'zz\r\nabc\r\n'],
      ['F15: a chunk extension of 20 kB', `1;${'x'.repeat(20_000)}\r\na\r\n0\r\n\r\n`],
    ] as const) {
      it(`${title} ends the request with 400 or 413`, async () => {
        const gone = defer()
        const { port } = await start((request) => {
          request.on('error', () => {})
          request.on('close', () => gone.resolve())
          request.resume()
        })
        const head = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n'
        const answer = await exchangeRaw(port, head + bytes)
        expect(answer.status).to.be.oneOf([400, 413])
        expect(answer.json).to.have.nested.property('error.message')
        await gone.promise
      })
    }

    it('F14: nothing is written into an answer that is on its way', async () => {
      const { port } = await start((request, response) => {
        request.on('error', () => {})
        response.writeHead(200, { 'content-type': 'text/plain' })
        response.write('part')
      })
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
      await client.until((text) => text.includes('part'))
      client.write('zz\r\n')
      expect(await client.closed()).not.to.include('HTTP/1.1 400')
    })
  })

  it('F1: who connects and sends nothing, or headers too slowly, gets 408', async () => {
    const { port } = await start(answerOk, { limits: { headersTimeoutMs: 100 } })
    for (const bytes of ['', 'GET / HTTP/1.1\r\nhost']) {
      const client = openRaw(port)
      client.write(bytes)
      const text = await client.closed()
      expect(parseAnswer(text).status, JSON.stringify(bytes)).to.equal(408)
    }
  })

  describe('odd requests', () => {
    it('F18, K32: a WebSocket is told 426 at once', async () => {
      const { port } = await start(answerOk)
      const answer = await exchangeRaw(
        port,
        'GET /v1/responses HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\r\n',
      )
      expect(answer.status).to.equal(426)
      expect(answer.json.error.message).to.include('plain HTTP')
    })

    it('F18: an offer of another protocol is passed over, as Java’s client makes it with every request', async () => {
      const { port } = await start(answerOk)
      const answer = await exchangeRaw(
        port,
        'GET / HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n\r\n',
      )
      expect(answer.status).to.equal(200)
    })

    it('F18: CONNECT is refused with a body', async () => {
      const { port } = await start(answerOk)
      const answer = await exchangeRaw(port, 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example:443\r\n\r\n')
      expect(answer.status).to.equal(405)
      expect(answer.json).to.have.nested.property('error.message')
    })

    it('F18: an unknown expectation is 417 with a body', async () => {
      const { port } = await start(answerOk)
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\nexpect: banana\r\ncontent-length: 1\r\n\r\n')
      const answer = parseAnswer(await client.until((text) => text.endsWith('}}')))
      expect(answer.status).to.equal(417)
      expect(answer.json).to.have.nested.property('error.message')
      client.socket.destroy()
    })

    it('F19: a body is not asked for before somebody reads it', async () => {
      const { port } = await start((_request, response) => {
        response.writeHead(401, { connection: 'close' })
        response.end()
      })
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n')
      const text = await client.closed()
      expect(text)
        .to.match(/^HTTP\/1\.1 401/)
        .and.not.include('100 Continue')
    })

    it('F16: a request without Host reaches the handler, which answers it', async () => {
      const { port } = await start(answerOk)
      expect((await exchangeRaw(port, 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n')).status).to.equal(200)
    })

    it('F20: pipelined requests are answered in order', async () => {
      const gate = defer()
      const { port } = await start((request, response) => {
        void (request.url === '/1' ? gate.promise : Promise.resolve()).then(() => response.end(`answer ${request.url}`))
      })
      const client = openRaw(port)
      client.write('GET /1 HTTP/1.1\r\nhost: x\r\n\r\nGET /2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
      setImmediate(() => gate.resolve())
      const text = await client.closed()
      expect(text.indexOf('answer /1')).to.be.within(1, text.indexOf('answer /2') - 1)
    })
  })

  describe('F76: draining', () => {
    const fetchText = (url: string, agent: Agent) =>
      new Promise<{ text: string; headers: IncomingMessage['headers'] }>((resolve, reject) => {
        get(url, { agent }, (response) => {
          let text = ''
          response.on('data', (piece) => {
            text += piece
          })
          response.on('end', () => resolve({ text, headers: response.headers }))
          response.on('error', reject)
        }).on('error', reject)
      })

    it('an idle connection does not hold the end up', async () => {
      const agent = closing.add(new Agent({ keepAlive: true }), (one) => one.destroy())
      const listening = await start(answerOk)
      await fetchText(listening.url, agent)
      expect(await listening.drain(5000)).to.equal('drained')
    })

    it('an answer under way is finished, told to close, and its connection ended at once', async () => {
      const agent = closing.add(new Agent({ keepAlive: true }), (one) => one.destroy())
      const gate = defer()
      const reached = defer()
      const listening = await start((_request, response) => {
        reached.resolve()
        void gate.promise.then(() => response.end('done'))
      })
      const answer = fetchText(listening.url, agent)
      await reached.promise
      const drained = listening.drain(5000)
      const startedAt = performance.now()
      gate.resolve()
      expect((await answer).text).to.equal('done')
      expect((await answer).headers.connection).to.equal('close')
      expect(await drained).to.equal('drained')
      expect(performance.now() - startedAt).to.be.below(1000)
    })

    it('a stream whose headers are out already ends in peace, and then its connection is closed', async () => {
      const agent = closing.add(new Agent({ keepAlive: true }), (one) => one.destroy())
      const gate = defer()
      const begun = defer()
      const listening = await start((_request, response) => {
        response.write('first ')
        begun.resolve()
        void gate.promise.then(() => response.end('last'))
      })
      const answer = fetchText(listening.url, agent)
      await begun.promise
      const drained = listening.drain(5000)
      gate.resolve()
      expect((await answer).text).to.equal('first last')
      expect(await drained).to.equal('drained')
    })

    it('no new connection is taken meanwhile', async () => {
      const gate = defer()
      const reached = defer()
      const listening = await start((_request, response) => {
        reached.resolve()
        void gate.promise.then(() => response.end())
      })
      const first = fetch(listening.url).then((response) => response.status)
      await reached.promise
      const drained = listening.drain(5000)
      const refused = await fetch(listening.url).catch((error) => error.cause.code)
      expect(refused).to.equal('ECONNREFUSED')
      gate.resolve()
      expect(await first).to.equal(200)
      await drained
    })

    it('what does not end in time is cut', async () => {
      const reached = defer()
      const listening = await start(() => reached.resolve())
      const lost = new Promise((resolve) => {
        httpRequest(listening.url).on('error', resolve).end()
      })
      await reached.promise
      expect(await listening.drain(50)).to.equal('cut')
      expect(await lost).to.be.instanceOf(Error)
    })

    it('asked twice it is one end', async () => {
      const listening = await start(answerOk)
      expect(listening.drain(100)).to.equal(listening.drain(5000))
    })
  })

  it('F14, S13: more than 200 headers are refused, lest one that the guard must see is dropped', async () => {
    let reached = 0
    const { port } = await start((_request, response) => {
      reached += 1
      response.setHeader('connection', 'close')
      response.end()
    })
    const ask = (count: number) => {
      const many = Array.from({ length: count - 1 }, (_, index) => `x-${index}: 1\r\n`).join('')
      return exchangeRaw(port, `GET / HTTP/1.1\r\nhost: x\r\n${many}\r\n`)
    }
    expect((await ask(200)).status).to.equal(200)
    expect((await ask(201)).json.error.message).to.include('too many headers')
    expect((await ask(1000)).status).to.equal(431)
    expect(reached).to.equal(1)
  })
})
