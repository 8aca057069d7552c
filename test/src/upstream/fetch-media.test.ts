import { expect } from 'chai'
import type { ApiFailure } from '../../../protocols/ir/error.ts'
import { createMediaFetcher, type MediaFetchOptions } from '../../../src/upstream/fetch-media.ts'
import { createClosing } from '../../support/close-all.ts'
import { type Answerer, RESET, STALL, startFakeProvider } from '../../support/fake-provider.ts'
import { failureOf } from '../../support/upstream-call.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
)

describe('fetching what a URL names', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())
  const never = new AbortController().signal

  const serve = async (answerer: Answerer) => closing.add(await startFakeProvider(answerer), (opened) => opened.close())
  const fetcher = (more: Partial<MediaFetchOptions> = {}) =>
    createMediaFetcher({ allowedHosts: ['127.0.0.1'], userAgent: 'interlingua/test', ...more })

  it('gives the bytes and what they are, whatever the server calls them', async () => {
    const server = await serve(() => ({ kind: 'answer', body: PNG }))
    const media = await fetcher()(`${server.url}/x.png?token=secret`, 'image', never)
    expect(media).to.deep.equal({ mediaType: 'image/png', data: PNG.toString('base64') })
    expect((await server.request(0)).headers).to.include({
      'user-agent': 'interlingua/test',
      'accept-encoding': 'identity',
    })
  })

  it('follows a redirect, and judges where it leads', async () => {
    const server = await serve(({ path }) =>
      path === '/moved'
        ? { kind: 'answer', status: 302, headers: { location: '/x.png' } }
        : { kind: 'answer', body: PNG },
    )
    expect((await fetcher()(`${server.url}/moved`, 'image', never)).mediaType).to.equal('image/png')
    const outside = await serve(() => ({ kind: 'answer', status: 302, headers: { location: 'http://10.0.0.1/x.png' } }))
    const failure = await failureOf(fetcher()(outside.url, 'image', never))
    expect(failure.error.message).to.contain('public internet').and.not.contain('10.0.0.1')
  })

  const loose = { kind: 'stream', headers: { 'content-type': 'image/png' } } as const
  const FAILURES: readonly (readonly [
    title: string,
    answerer: Answerer,
    reason: RegExp,
    more?: Partial<MediaFetchOptions>,
  ])[] = [
    ['a page', () => ({ kind: 'answer', body: '<html>Log in</html>' }), /it is text\/html/],
    ['an answer that is none', () => ({ kind: 'answer', status: 404 }), /answered 404/],
    ['too many bytes, as announced', () => ({ kind: 'answer', body: PNG }), /larger than 64 bytes/, { maxBytes: 64 }],
    [
      'too many bytes, without a word',
      () => ({ ...loose, steps: [PNG, PNG] }),
      /larger than 100 bytes/,
      { maxBytes: 100 },
    ],
    ['a circle', () => ({ kind: 'answer', status: 307, headers: { location: '/' } }), /on and on/],
    [
      'a redirect to another scheme',
      () => ({ kind: 'answer', status: 301, headers: { location: 'file:///etc/passwd' } }),
      /only http/,
    ],
    ['silence', () => ({ ...loose, steps: [PNG.subarray(0, 9), STALL] }), /took too long/, { timeoutMs: 60 }],
    ['a connection that breaks', () => ({ ...loose, steps: [PNG.subarray(0, 9), RESET] }), /does not answer/],
  ]
  for (const [title, answerer, reason, more] of FAILURES) {
    it(`${title} is a bad request that names the image, without its query`, async () => {
      const server = await serve(answerer)
      const failure = await failureOf(fetcher(more)(`${server.url}/a/x.png?token=secret`, 'image', never))
      expect(failure.error).to.include({ kind: 'bad-request', source: 'proxy' })
      expect(failure.error.message).to.match(reason).and.contain('/a/x.png').and.not.contain('secret')
    })
  }

  it('S5: a host that is not allowed is not even connected to', async () => {
    const server = await serve(() => ({ kind: 'answer', body: PNG }))
    for (const url of [server.url, server.url.replace('127.0.0.1', 'localhost')]) {
      const failure: ApiFailure = await failureOf(fetcher({ allowedHosts: [] })(url, 'image', never))
      expect(failure.error.message).to.contain('public internet')
    }
    expect(server.connections.opened).to.equal(0)
  })

  it('ends when the client leaves', async () => {
    const server = await serve(() => ({ ...loose, steps: [STALL] }))
    const leaving = new AbortController()
    const failing = failureOf(fetcher()(server.url, 'image', leaving.signal))
    await server.request(0)
    leaving.abort()
    expect((await failing).error.kind).to.equal('cancelled')
    await server.idle()
  })
})
