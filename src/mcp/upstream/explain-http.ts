/** Why an MCP server that is called over HTTP did not answer, in words for people; never an address with a query or a key. */
import type { UpstreamFailure } from './connection.ts'

const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection off',
  EPIPE: 'broke the connection off',
  UND_ERR_SOCKET: 'broke the connection off',
  UND_ERR_ABORTED: 'was not waited for any longer',
  ENOTFOUND: 'has a host name that could not be resolved',
  EAI_AGAIN: 'has a host name that could not be resolved',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  ETIMEDOUT: 'did not accept a connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'did not accept a connection in time',
  ERR_FORBIDDEN_ADDRESS: 'is at an address that may not be called; mark it allowPrivate if that is meant',
  CERT_HAS_EXPIRED: 'showed a certificate that has expired',
}

/** @param error what undici, the network or the guard threw. */
export function explainHttpError(server: string, error: unknown): UpstreamFailure {
  const code = readCode(error)
  const known = code === undefined ? undefined : BY_CODE[code]
  return {
    kind: 'unreachable',
    message: `The MCP server ${server} ${known ?? `could not be called (${code ?? 'unknown'})`}.`,
  }
}

const BY_STATUS: Readonly<Record<number, string>> = {
  401: ': it wants a credential; give it under headers',
  403: ': the credential that it was given is not enough',
  404: ': there is nothing under this URL',
  429: ': it was called too often',
}

export function explainStatus(server: string, status: number): UpstreamFailure {
  return {
    kind: 'unreachable',
    status,
    message: `The MCP server ${server} answered ${status}${BY_STATUS[status] ?? ''}.`,
  }
}

/** An error may hide behind another, or be one of several. */
function readCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error.cause !== undefined) return readCode(error.cause)
  return error instanceof AggregateError ? readCode(error.errors[0]) : undefined
}
