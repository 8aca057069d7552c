/** Passes a request on to a provider of the client's own protocol as it is, however large it and its answer are. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createProxyMiddleware } from 'http-proxy-middleware'
import { joinUrl } from '../providers/join-url.ts'
import type { Target } from '../providers/target.ts'
import { explainFailure } from './explain-failure.ts'

export interface RawPass {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: Target
  /** Absolute, percent-encoded. */
  readonly path: string
  /** For a request whose body has been read; absent: it is passed as it comes. */
  readonly body?: Uint8Array
  readonly responseHeaders: Readonly<Record<string, string>>
}

/** What the client's own headers may tell the provider; nothing of who the client is. */
const PASSED: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'range',
  'transfer-encoding',
])

/**
 * Settles when the answer is over, whichever way.
 *
 * @throws ApiFailure when the provider cannot be called; then nothing has been sent.
 */
export function passRaw({ request, response, target, path, body, responseHeaders }: RawPass): Promise<void> {
  const { provider, key } = target
  const url = new URL(joinUrl(provider.baseUrl, path))
  return new Promise((resolve, reject) => {
    response.once('close', resolve)
    const pass = createProxyMiddleware({
      target: url.origin,
      changeOrigin: true,
      pathRewrite: () => url.pathname,
      // A server that fetches a model says how far it is, sometimes rarely.
      proxyTimeout: 0,
      on: {
        proxyReq(call) {
          for (const name of call.getHeaderNames()) if (!PASSED.has(name)) call.removeHeader(name)
          for (const [name, value] of Object.entries(provider.headers)) call.setHeader(name, value)
          if (key !== undefined) call.setHeader(provider.auth.header, provider.auth.prefix + key.secret)
          if (body === undefined) return
          call.removeHeader('transfer-encoding')
          call.removeHeader('content-encoding')
          call.setHeader('content-length', body.length)
          call.write(body)
        },
        proxyRes() {
          for (const [name, value] of Object.entries(responseHeaders)) response.setHeader(name, value)
        },
        error(error) {
          if (response.headersSent) response.destroy()
          else reject(explainFailure(error, { provider: provider.name, host: url.host }))
        },
      },
    })
    pass(request, response).catch(reject)
  })
}
