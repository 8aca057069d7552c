/** What went wrong between us and a provider, in words for people: whom it concerns, never a key or a query. */
import type { ApiError, ApiErrorKind } from '../../protocols/ir/error.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { ProxyFault } from './proxy-fault.ts'

/** A provider as error messages name it. */
export interface Place {
  readonly provider: string
  /** Host and port. */
  readonly host: string
  /** The same of the proxy that it is called through. */
  readonly proxy?: string
}

interface Explanation {
  readonly kind: ApiErrorKind
  /** Machine-readable class of the failure. */
  readonly code: string
  /** Continues "The provider NAME (HOST) ". */
  readonly text: string
}

const REFUSED: Explanation = { kind: 'upstream-failed', code: 'connect', text: 'refused the connection.' }
const UNKNOWN_NAME: Explanation = {
  kind: 'upstream-failed',
  code: 'dns',
  text: 'has a host name that could not be resolved.',
}
const UNREACHABLE: Explanation = { kind: 'upstream-failed', code: 'connect', text: 'cannot be reached from here.' }
const BROKEN: Explanation = {
  kind: 'upstream-failed',
  code: 'disconnected',
  text: 'closed the connection before its answer was complete.',
}
const SLOW_CONNECT: Explanation = {
  kind: 'upstream-timeout',
  code: 'connect',
  text: 'did not accept a connection in time.',
}
const NO_HTTP: Explanation = {
  kind: 'upstream-failed',
  code: 'bad_upstream_reply',
  text: 'answered with something that is no valid HTTP.',
}
const NO_TLS: Explanation = {
  kind: 'upstream-failed',
  code: 'tls',
  text: 'does not speak TLS there; perhaps its base URL should begin with http://.',
}
const UNTRUSTED: Explanation = {
  kind: 'upstream-failed',
  code: 'tls',
  text: 'showed a certificate that nobody known here has signed.',
}
const CLOSING: Explanation = { kind: 'unavailable', code: 'closing', text: 'was not called: the gateway is stopping.' }

const BY_CODE: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: REFUSED,
  ENOTFOUND: UNKNOWN_NAME,
  EAI_AGAIN: UNKNOWN_NAME,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EADDRNOTAVAIL: UNREACHABLE,
  EINVAL: UNREACHABLE,
  EACCES: UNREACHABLE,
  ECONNRESET: BROKEN,
  EPIPE: BROKEN,
  UND_ERR_SOCKET: BROKEN,
  ETIMEDOUT: SLOW_CONNECT,
  UND_ERR_CONNECT_TIMEOUT: SLOW_CONNECT,
  UND_ERR_HEADERS_OVERFLOW: {
    kind: 'upstream-failed',
    code: 'bad_upstream_reply',
    text: 'answered with headers that are too long.',
  },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {
    kind: 'upstream-failed',
    code: 'disconnected',
    text: 'sent another number of bytes than it announced.',
  },
  UND_ERR_DESTROYED: CLOSING,
  UND_ERR_CLOSED: CLOSING,
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    kind: 'upstream-failed',
    code: 'tls',
    text: 'showed a certificate that it has signed itself.',
  },
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  CERT_HAS_EXPIRED: { kind: 'upstream-failed', code: 'tls', text: 'showed a certificate that has expired.' },
  CERT_NOT_YET_VALID: { kind: 'upstream-failed', code: 'tls', text: 'showed a certificate that is not valid yet.' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    kind: 'upstream-failed',
    code: 'tls',
    text: 'showed a certificate for another name.',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  EPROTO: NO_TLS,
}

/** An `ApiFailure` for whatever undici, the network, TLS or a proxy threw. */
export function explainFailure(error: unknown, place: Place): ApiFailure {
  if (error instanceof ApiFailure) return error
  return tellFailure(error instanceof ProxyFault ? explainProxy(error) : explain(error), place, error)
}

/** What fails on the way to a proxy has the same names as what fails on the way to a provider. */
function explainProxy({ host, problem, isLate, cause }: ProxyFault): Explanation {
  const known = problem === undefined ? explain(cause) : undefined
  const kind = isLate || known?.kind === 'upstream-timeout' ? 'upstream-timeout' : 'upstream-failed'
  return { kind, code: 'proxy', text: `was not reached: the proxy ${host} ${problem ?? known?.text}` }
}

function explain(error: unknown): Explanation {
  const code = readCode(error)
  const known = code === undefined ? undefined : BY_CODE[code]
  const explanation = known ?? (isParserError(error, code) ? NO_HTTP : undefined)
  if (explanation !== undefined) return { ...explanation, text: explanation.text + listAddresses(error) }
  if (code?.startsWith('ERR_SSL_') === true || code?.startsWith('ERR_TLS_') === true)
    return { kind: 'upstream-failed', code: 'tls', text: `failed in TLS (${code}).` }
  // Nobody out there throws such things: the fault is ours.
  if (code === undefined || code === 'UND_ERR_INVALID_ARG')
    return { kind: 'internal', code: 'internal', text: 'could not be called.' }
  return { kind: 'upstream-failed', code: 'disconnected', text: `failed (${code}).` }
}

/** The failure that says `text` of this provider. */
export function tellFailure(explanation: Explanation, place: Place, cause?: unknown): ApiFailure {
  const error: ApiError = {
    kind: explanation.kind,
    message: `The provider ${place.provider} (${place.host}) ${explanation.text}`,
    code: explanation.code,
    source: 'proxy',
  }
  return new ApiFailure(error, cause === undefined ? {} : { cause })
}

function readCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(error.code) ? error.code : undefined
}

/** undici's by name, as its codes differ with its version; Node's by the beginning of its code. */
function isParserError(error: unknown, code: string | undefined): boolean {
  return code?.startsWith('HPE_') === true || (error instanceof Error && error.name === 'HTTPParserError')
}

/** Where a name has several addresses, all of them were tried: ` Tried ::1:80, 127.0.0.1:80.` */
function listAddresses(error: unknown): string {
  if (!(error instanceof AggregateError)) return ''
  const addresses = error.errors.flatMap((one: { address?: unknown; port?: unknown }) =>
    typeof one.address === 'string' ? [`${one.address}:${String(one.port)}`] : [],
  )
  return addresses.length < 2 ? '' : ` Tried ${addresses.join(', ')}.`
}
