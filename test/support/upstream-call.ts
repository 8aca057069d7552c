/** Calls as the gateway makes them, and what came of them, for tests of anything that stands behind the face of upstream. */
import type { ApiFailure } from '../../protocols/ir/error.ts'
import type { Provider, Target } from '../../src/providers/target.ts'
import type { Upstream, UpstreamAnswer, UpstreamCall } from '../../src/upstream/upstream.ts'

export function makeTarget(baseUrl: string, more: Partial<Provider> = {}): Target {
  const provider: Provider = {
    name: 'acme',
    protocol: 'made-up',
    transport: 'http',
    baseUrl,
    auth: { header: 'authorization', prefix: 'Bearer ' },
    headers: {},
    ...more,
  }
  return { provider, key: { id: 1, secret: 'sk-test-secret' }, model: 'acme-1', facts: {} }
}

export function makeCall(target: Target, more: Partial<UpstreamCall> = {}): UpstreamCall {
  return {
    target,
    address: { method: 'POST', path: '/v1/talk', query: '', headers: { 'content-type': 'application/json' } },
    headers: {},
    body: '{"hello":true}',
    stream: false,
    ...more,
  }
}

/** What came of an answer: everything it delivered, and how it ended. */
export interface Collected {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly bytes: Buffer
  /** Pieces as they were handed over. */
  readonly pieces: readonly string[]
  /** Absent when the answer was whole. */
  readonly failure?: ApiFailure
}

/** Reads an answer to its end, whichever that is. */
export function collect(answer: UpstreamAnswer, onPiece: (text: string) => void = () => {}): Promise<Collected> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    const finish = (failure?: ApiFailure) => {
      const bytes = Buffer.concat(pieces)
      resolve({
        status: answer.status,
        headers: answer.headers,
        text: bytes.toString(),
        bytes,
        pieces: pieces.map(String),
        ...(failure === undefined ? {} : { failure }),
      })
    }
    answer.body.pipe({
      data(chunk) {
        pieces.push(Buffer.from(chunk))
        onPiece(Buffer.from(chunk).toString())
        return true
      },
      end: () => finish(),
      fail: finish,
    })
  })
}

/** Sends and reads to the end. */
export async function exchange(
  upstream: Upstream,
  call: UpstreamCall,
  signal: AbortSignal = new AbortController().signal,
): Promise<Collected> {
  return collect(await upstream.send(call, signal))
}

/** The failure that a promise is expected to reject with. */
export async function failureOf(promise: Promise<unknown>): Promise<ApiFailure> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error as ApiFailure
  }
  throw new Error(`expected a failure, got ${JSON.stringify(value)}`)
}
