import { request as httpRequest, type RequestListener } from 'node:http'
import { expect } from 'chai'
import fc from 'fast-check'
import { sendError, sendJson, setHeaders } from '../../../src/http/answer.ts'
import { encodeHeaderValue } from '../../../src/http/header-value.ts'
import { listen } from '../../../src/http/listen.ts'
import { createClosing } from '../../support/close-all.ts'

describe('http/answer', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())
  const serve = async (handler: RequestListener) => {
    const listening = await listen(handler, { host: '127.0.0.1', port: 0 })
    closing.add(listening, () => listening.drain(0))
    return listening.url
  }

  it('S24: JSON goes out with its length and as nothing but JSON', async () => {
    const url = await serve((_request, response) => sendJson(response, 201, { 'x-one': '1' }, { é: '日本' }))
    const answer = await fetch(url)
    expect(answer.status).to.equal(201)
    expect(Object.fromEntries(answer.headers)).to.include({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength('{"é":"日本"}')),
      'x-content-type-options': 'nosniff',
      'x-one': '1',
    })
    expect(await answer.text()).to.equal('{"é":"日本"}')
  })

  it('text and bytes go out as they are, under the type that is given', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/text') sendJson(response, 200, {}, '{ "a" : 1 }')
      else sendJson(response, 200, { 'content-type': 'application/x-own' }, Uint8Array.of(0, 255, 128))
    })
    expect(await (await fetch(`${url}/text`)).text()).to.equal('{ "a" : 1 }')
    const bytes = await fetch(`${url}/bytes`)
    expect(bytes.headers.get('content-type')).to.equal('application/x-own')
    expect([...new Uint8Array(await bytes.arrayBuffer())]).to.deep.equal([0, 255, 128])
  })

  it('a HEAD request gets the headers and no body', async () => {
    const url = await serve((_request, response) => sendJson(response, 200, {}, { some: 'body' }))
    const answer = await fetch(url, { method: 'HEAD' })
    expect(answer.headers.get('content-length')).to.equal('15')
    expect(await answer.text()).to.equal('')
  })

  it('an error goes out as its codec wrote it, with the headers of both', async () => {
    const error = { status: 429, headers: { 'retry-after': '3' }, body: { oops: true } }
    const url = await serve((_request, response) => sendError(response, error, { 'x-request-id': 'abc' }))
    const answer = await fetch(url)
    expect(answer.status).to.equal(429)
    expect(answer.headers.get('retry-after')).to.equal('3')
    expect(answer.headers.get('x-request-id')).to.equal('abc')
    expect(await answer.json()).to.deep.equal({ oops: true })
  })

  it('a second answer, or one for a client that has left, is nothing and no exception', async () => {
    let thrown: unknown
    const url = await serve((request, response) => {
      try {
        if (request.url === '/gone') {
          response.destroy()
          sendJson(response, 200, {}, {})
          return
        }
        sendJson(response, 200, {}, { first: true })
        sendJson(response, 500, {}, { second: true })
      } catch (error) {
        thrown = error
      }
    })
    expect(await (await fetch(url)).json()).to.deep.equal({ first: true })
    await fetch(`${url}/gone`).catch(() => {})
    expect(thrown).to.equal(undefined)
  })

  it('a connection whose request was read to its end is kept', async () => {
    const url = await serve((request, response) => {
      request.resume()
      request.on('end', () => sendJson(response, 404, {}, {}))
    })
    const answer = await fetch(url, { method: 'POST', body: 'x' })
    expect(answer.headers.get('connection')).to.equal('keep-alive')
  })

  it('so is one whose request has no body, however early it is answered', async () => {
    const url = await serve((_request, response) => sendJson(response, 404, {}, {}))
    expect((await fetch(url)).headers.get('connection')).to.equal('keep-alive')
    expect((await fetch(url, { method: 'POST' })).headers.get('connection')).to.equal('keep-alive')
  })

  it('one whose request was not read is closed, so that its bytes are never taken for a request', async () => {
    const url = await serve((_request, response) => sendJson(response, 404, {}, {}))
    const headers = await new Promise((resolve, reject) => {
      const request = httpRequest(url, { method: 'POST' }, (response) => {
        response.resume()
        resolve(response.headers)
      })
      request.on('error', reject)
      request.write('some')
      closing.add(request, (one) => one.destroy())
    })
    expect(headers).to.include({ connection: 'close' })
  })

  describe('F75, trap 28: header values', () => {
    const ROWS = [
      ['text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
      ['é stays', 'é stays'],
      ['€ 5', '%E2%82%AC 5'],
      ['a\r\nx-evil: 1', 'a%0D%0Ax-evil: 1'],
      ['nul\u0000', 'nul%00'],
      ['tab\there', 'tab%09here'],
      ['\u007f\u0085', '%7F%C2%85'],
      ['🦊', '%F0%9F%A6%8A'],
      ['half \ud83e', 'half %EF%BF%BD'],
      ['\udd8a half', '%EF%BF%BD half'],
      ['', ''],
    ] as const
    for (const [text, encoded] of ROWS) {
      it(`${JSON.stringify(text)} becomes ${encoded}`, () => expect(encodeHeaderValue(text)).to.equal(encoded))
    }

    it('whatever the text, Node takes it and no second header comes of it', async () => {
      const texts: string[] = []
      const url = await serve((request, response) => {
        const text = texts[Number(request.url?.slice(1))] ?? ''
        setHeaders(response, { 'x-any': text })
        response.end()
      })
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => {
          texts.push(text)
          expect(encodeHeaderValue(text)).to.match(/^[\x20-\x7e\xa0-\xff]*$/)
          expect(encodeHeaderValue(encodeHeaderValue(text))).to.equal(encodeHeaderValue(text))
        }),
      )
      for (const [index, text] of texts.entries()) {
        const value = (await fetch(`${url}/${index}`)).headers.get('x-any')
        expect(value).to.equal(encodeHeaderValue(text).replace(/^[ \t]+|[ \t]+$/g, ''))
      }
    })
  })
})
