/** Fetches what a request names by a URL and its target cannot fetch for itself: pictures, sounds, documents. */
import { Agent, request } from 'undici'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { createFetchGuard, type FetchGuard, type FetchGuardOptions, FetchRefused } from './fetch-guard.ts'
import { sniffMediaType } from './sniff-media-type.ts'

export interface FetchedMedia {
  readonly mediaType: string
  /** Base64. */
  readonly data: string
}

/** What is wanted at a URL: other things are refused. */
export type MediaKind = 'image' | 'audio' | 'file'

/** @throws ApiFailure `bad-request` that names the URL, or `cancelled`. */
export type FetchMedia = (url: string, kind: MediaKind, signal: AbortSignal) => Promise<FetchedMedia>

export interface MediaFetchOptions extends FetchGuardOptions {
  readonly userAgent: string
  /** Of one piece. */
  readonly maxBytes?: number
  /** Over all redirects, to the last byte. */
  readonly timeoutMs?: number
}

const MAX_BYTES = 20 * 1024 * 1024
const TIMEOUT_MS = 15_000
const MAX_REDIRECTS = 3

export function createMediaFetcher(options: MediaFetchOptions): FetchMedia {
  const guard = createFetchGuard(options)
  const limits = { maxBytes: options.maxBytes ?? MAX_BYTES, userAgent: options.userAgent }
  return async (text, kind, signal) => {
    const ended = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)])
    try {
      const { bytes, told } = await follow(new URL(text), guard, limits, ended)
      return { mediaType: chooseType(bytes, told, kind), data: bytes.toString('base64') }
    } catch (error) {
      if (signal.aborted) throw new ApiFailure({ kind: 'cancelled', message: 'The client left.', source: 'proxy' })
      throw explain(text, kind, ended.aborted ? new FetchRefused('it took too long') : error)
    }
  }
}

interface Limits {
  readonly maxBytes: number
  readonly userAgent: string
}

interface Fetched {
  readonly bytes: Buffer
  /** Content type, without parameters. */
  readonly told: string
}

/** Each place that a redirect leads to is judged like the first. */
async function follow(first: URL, guard: FetchGuard, limits: Limits, signal: AbortSignal): Promise<Fetched> {
  let url = first
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const fetched = await fetchOnce(url, guard, limits, signal)
    if (!(fetched instanceof URL)) return fetched
    url = fetched
  }
  throw new FetchRefused('it leads on and on')
}

/** @returns where it leads to instead, for a redirect. */
async function fetchOnce(url: URL, guard: FetchGuard, limits: Limits, signal: AbortSignal): Promise<Fetched | URL> {
  guard.check(url)
  // Of its own: a connection that is kept for another call would have been judged for another URL.
  const dispatcher = new Agent({ allowH2: false, connect: { lookup: guard.lookupFor(url) } })
  try {
    const answer = await request(url, {
      dispatcher,
      signal,
      headers: { 'user-agent': limits.userAgent, accept: '*/*', 'accept-encoding': 'identity' },
    })
    const location = answer.headers['location']
    if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string') {
      if (!URL.canParse(location, url.href)) throw new FetchRefused('it leads nowhere')
      return new URL(location, url)
    }
    if (answer.statusCode !== 200) throw new FetchRefused(`its server answered ${answer.statusCode}`)
    const chunks: Buffer[] = []
    let size = Number(answer.headers['content-length'] ?? 0)
    if (size > limits.maxBytes) throw tooLarge(limits)
    size = 0
    for await (const chunk of answer.body) {
      const bytes: Buffer = chunk
      size += bytes.length
      if (size > limits.maxBytes) throw tooLarge(limits)
      chunks.push(bytes)
    }
    const type = String(answer.headers['content-type'] ?? '')
    return { bytes: Buffer.concat(chunks), told: (type.split(';', 1)[0] ?? '').trim().toLowerCase() }
  } finally {
    void dispatcher.destroy()
  }
}

function tooLarge({ maxBytes }: Limits): FetchRefused {
  return new FetchRefused(`it is larger than ${maxBytes} bytes`)
}

const PAGES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml'])

/** The bytes know better than many servers. */
function chooseType(bytes: Buffer, told: string, kind: MediaKind): string {
  const type = sniffMediaType(bytes) ?? told
  const isWanted = kind === 'file' ? type !== '' && !PAGES.has(type) : type.startsWith(`${kind}/`)
  if (!isWanted) throw new FetchRefused(`it is ${type === '' ? 'of no known type' : type}`)
  return type
}

const THINGS: Readonly<Record<MediaKind, string>> = { image: 'image', audio: 'sound', file: 'file' }

/** Without the query, which may hold a password; what failed inside a network is nobody's business. */
function explain(text: string, kind: MediaKind, error: unknown): ApiFailure {
  const reason = findRefusal(error)?.message ?? 'its server does not answer'
  const url = URL.canParse(text) ? new URL(text) : undefined
  const place = url === undefined ? '' : ` ${url.origin}${url.pathname}`
  const message = `The ${THINGS[kind]}${place} cannot be fetched for this provider: ${reason}. Send it as base64 instead.`
  return new ApiFailure({ kind: 'bad-request', message, code: 'media_unavailable', source: 'proxy' }, { cause: error })
}

function findRefusal(error: unknown): FetchRefused | undefined {
  if (error instanceof FetchRefused) return error
  return error instanceof Error && error.cause !== undefined ? findRefusal(error.cause) : undefined
}
