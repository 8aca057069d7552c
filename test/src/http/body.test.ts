import { request as httpRequest } from 'node:http'
import { expect } from 'chai'
import type { ApiFailure } from '../../../protocols/ir/error.ts'
import { sendError, sendJson } from '../../../src/http/answer.ts'
import { BODY_LIMITS, type BodyLimits, readBody } from '../../../src/http/body.ts'
import { listen } from '../../../src/http/listen.ts'
import { createClosing } from '../../support/close-all.ts'
import { defer } from '../../support/deferred.ts'
import { type ContentEncoding, encode } from '../../support/encode.ts'
import { exchangeRaw, openRaw, parseAnswer } from '../../support/raw-client.ts'

const STATUS: Record<string, number> = {
  'too-large': 413,
  'unsupported-media-type': 415,
  'bad-request': 400,
  'request-timeout': 408,
  cancelled: 499,
}

describe('http/body', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  /** A server that answers with what it read, and a list of what each read came to. */
  const start = async (limits: Partial<BodyLimits> = {}, signal = new AbortController().signal) => {
    const outcomes: string[] = []
    const reached = defer()
    const first = defer<string>()
    const note = (outcome: string) => {
      outcomes.push(outcome)
      first.resolve(outcome)
    }
    const listening = await listen(
      (request, response) => {
        reached.resolve()
        readBody(request, response, { ...BODY_LIMITS, ...limits }, signal).then(
          (body) => {
            note('read')
            sendJson(response, 200, { 'content-type': 'application/octet-stream' }, body)
          },
          (failure: ApiFailure) => {
            const { kind, message } = failure.error
            note(kind)
            sendError(response, { status: STATUS[kind] ?? 500, headers: {}, body: { error: { kind, message } } })
          },
        )
      },
      { host: '127.0.0.1', port: 0 },
    )
    closing.add(listening, () => listening.drain(0))
    return { ...listening, outcomes, reached: reached.promise, first: first.promise }
  }

  const post = (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body, headers })
  const readBytes = async (response: Response) => Buffer.from(await response.arrayBuffer())

  describe('bodies', () => {
    it('a body is read whole, in whatever pieces it comes', async () => {
      const { port } = await start()
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n')
      for (const piece of ['{"a"', ':', '"é"', '}']) {
        client.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`)
        await new Promise((resolve) => setImmediate(resolve))
      }
      client.write('0\r\n\r\n')
      expect(parseAnswer(await client.closed()).body).to.equal('{"a":"é"}')
    })

    it('no body is an empty one', async () => {
      const { url } = await start()
      expect(await readBytes(await post(url, ''))).to.have.length(0)
      expect(await readBytes(await fetch(url))).to.have.length(0)
    })

    it('a body of exactly the limit is taken, also in chunks', async () => {
      const { url, port } = await start({ limitBytes: 1000 })
      expect(await readBytes(await post(url, 'x'.repeat(1000)))).to.have.length(1000)
      const head = 'POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n'
      expect((await exchangeRaw(port, `${head}3e8\r\n${'x'.repeat(1000)}\r\n0\r\n\r\n`)).status).to.equal(200)
    })

    it('two requests on one connection are read apart', async () => {
      const { port } = await start()
      const one = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\none'
      const two = 'POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 3\r\n\r\ntwo'
      const client = openRaw(port)
      client.write(one + two)
      const text = await client.closed()
      expect(text).to.match(/one.*two$/s)
    })
  })

  describe('F5, trap 24: compressed bodies', () => {
    for (const encoding of ['gzip', 'br', 'deflate', 'deflate-raw', 'zstd'] as ContentEncoding[]) {
      it(`${encoding} is undone`, async () => {
        const { url } = await start()
        const text = JSON.stringify({ text: 'é'.repeat(20_000) })
        const header = { 'content-encoding': encoding.replace('-raw', '') }
        const answer = await readBytes(await post(url, new Uint8Array(encode(encoding, Buffer.from(text))), header))
        expect(answer.toString()).to.equal(text)
      })
    }

    for (const header of ['identity', 'GZIP', ' x-gzip ']) {
      it(`the name "${header}" is understood`, async () => {
        const { url } = await start()
        const body = header === 'identity' ? Buffer.from('text') : encode('gzip', Buffer.from('text'))
        const answer = await post(url, new Uint8Array(body), { 'content-encoding': header })
        expect(await answer.text()).to.equal('text')
      })
    }

    it('an empty body may claim any encoding', async () => {
      const { url } = await start()
      expect((await post(url, '', { 'content-encoding': 'gzip' })).status).to.equal(200)
    })

    for (const encoding of ['gzip', 'br', 'zstd'] as const) {
      it(`F6: a bomb in ${encoding} is 413, and no more than the limit is kept`, async () => {
        const bomb = encode(encoding, Buffer.alloc(60_000_000))
        const { url, first } = await start({ limitBytes: 1_000_000 })
        const before = process.memoryUsage().rss
        const answer = await post(url, new Uint8Array(bomb), { 'content-encoding': encoding })
        expect(answer.status).to.equal(413)
        expect(await first).to.equal('too-large')
        expect(process.memoryUsage().rss - before).to.be.below(60_000_000)
      })
    }

    it('F6: compressed bytes that say nothing are counted too', async () => {
      const { port } = await start({ limitBytes: 10_000 })
      const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n'
      const magic = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
      // Stored blocks of no length.
      const nothing = Buffer.alloc(5 * 4000, Buffer.from([0, 0, 0, 0xff, 0xff]))
      const size = (magic.length + nothing.length).toString(16)
      const chunks = [Buffer.from(`${head}${size}\r\n`), magic, nothing, Buffer.from('\r\n0\r\n\r\n')]
      expect((await exchangeRaw(port, Buffer.concat(chunks))).status).to.equal(413)
    })

    it('F5: the limit counts after decoding', async () => {
      const { url } = await start({ limitBytes: 1000 })
      const send = async (size: number) =>
        (await post(url, new Uint8Array(encode('gzip', Buffer.alloc(size))), { 'content-encoding': 'gzip' })).status
      expect(await send(1000)).to.equal(200)
      expect(await send(1001)).to.equal(413)
    })

    for (const encoding of ['gzip', 'br', 'deflate'] as const) {
      it(`F7: ${encoding} that is truncated or garbage is 400`, async () => {
        const { url } = await start()
        const whole = encode(encoding, Buffer.from(JSON.stringify({ text: 'some text' })))
        for (const bytes of [whole.subarray(0, whole.length - 3), Buffer.from([8, 1, 2, 3, 4, 5, 6, 7, 8, 9])]) {
          const answer = await post(url, new Uint8Array(bytes), { 'content-encoding': encoding })
          expect(answer.status).to.equal(400)
          expect(await answer.text()).to.include(encoding)
        }
      })
    }

    for (const header of ['compress', 'gzip, gzip', 'gzip,br', 'toString', '__proto__']) {
      it(`F7: "${header}" is 415`, async () => {
        const { url } = await start()
        expect((await post(url, 'x', { 'content-encoding': header })).status).to.equal(415)
      })
    }
  })

  describe('F4: bodies over the limit', () => {
    it('a length over the limit is refused before the body is sent', async () => {
      const { port } = await start({ limitBytes: 1000 })
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n')
      const text = await client.until((sofar) => sofar.endsWith('}'))
      expect(parseAnswer(text).status).to.equal(413)
      expect(parseAnswer(text).headers.connection).to.equal('close')
      client.socket.destroy()
    })

    it('chunks over the limit are refused as the count passes', async () => {
      const { port } = await start({ limitBytes: 1000 })
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
      client.write(`3e8\r\n${'x'.repeat(1000)}\r\n1\r\nx\r\n`)
      const text = await client.until((sofar) => sofar.endsWith('}'))
      expect(parseAnswer(text).status).to.equal(413)
      client.socket.destroy()
    })

    it('a client that goes on sending comes to see the answer', async () => {
      const { port } = await start({ limitBytes: 1000 })
      const status = await new Promise((resolve, reject) => {
        const request = httpRequest({ port, method: 'POST', headers: { 'content-length': 5_000_000 } })
        request.on('response', (response) => resolve(response.statusCode))
        request.on('error', reject)
        // All of it is sent before the answer is looked at.
        request.end(Buffer.alloc(5_000_000))
      })
      expect(status).to.equal(413)
    })

    it('a client that sends for ever is left after the linger time', async function () {
      this.timeout(6000)
      const { port } = await start({ limitBytes: 1000 })
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n')
      await client.until((sofar) => sofar.endsWith('}'))
      const startedAt = performance.now()
      await client.closed()
      expect(performance.now() - startedAt).to.be.within(1500, 3000)
    })

    it('F19: a client that asks first is answered without its body', async () => {
      const { port } = await start({ limitBytes: 1000 })
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 1001\r\n\r\n')
      const text = await client.until((sofar) => sofar.endsWith('}'))
      expect(text).not.to.include('100 Continue')
      expect(parseAnswer(text).status).to.equal(413)
      client.socket.destroy()
    })
  })

  it('a client that asks first gets leave when its body is wanted', async () => {
    const { port } = await start()
    const client = openRaw(port)
    client.write('POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n')
    await client.until((sofar) => sofar.includes('100 Continue'))
    client.write('body')
    expect(parseAnswer(await client.closed()).body).to.equal('body')
  })

  describe('F2: slow bodies', () => {
    it('a body that stops half-way is 408', async () => {
      const { port, first } = await start({ idleMs: 80 })
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf')
      const text = await client.until((sofar) => sofar.endsWith('}'))
      expect(parseAnswer(text).status).to.equal(408)
      expect(await first).to.equal('request-timeout')
      client.socket.destroy()
    })

    it('a slow body that keeps moving is not cut', async () => {
      const { port } = await start({ idleMs: 150 })
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 8\r\n\r\n')
      for (let sent = 0; sent < 8; sent += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        client.write('x')
      }
      expect(parseAnswer(await client.closed()).status).to.equal(200)
    })

    it('but there is a limit on all of it', async () => {
      const { port } = await start({ idleMs: 100, totalMs: 250 })
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n')
      const pump = setInterval(() => client.write('x'), 30)
      const text = await client.until((sofar) => sofar.endsWith('}'))
      clearInterval(pump)
      expect(parseAnswer(text).status).to.equal(408)
      client.socket.destroy()
    })
  })

  describe('F3: clients that leave', () => {
    for (const [name, leave] of [
      ['FIN', 'end'],
      ['RST', 'resetAndDestroy'],
    ] as const) {
      it(`a ${name} before the body is complete is cancelled`, async () => {
        const { port, first, reached } = await start()
        const client = openRaw(port)
        client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf')
        await reached
        client.socket[leave]()
        expect(await first).to.equal('cancelled')
      })
    }

    it('an abort of the exchange is cancelled, at once and also beforehand', async () => {
      const abort = new AbortController()
      const { port, url, outcomes, first, reached } = await start({}, abort.signal)
      const client = openRaw(port)
      client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf')
      await reached
      abort.abort()
      expect(await first).to.equal('cancelled')
      expect((await post(url, 'x')).status).to.equal(499)
      expect(outcomes).to.deep.equal(['cancelled', 'cancelled'])
      client.socket.destroy()
    })
  })
})
