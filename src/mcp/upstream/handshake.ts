/** Begins with a server, in whichever era it speaks (M45, M46). */
import type { JsonObject } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { META, META_VIA, MODERN_VERSION } from '../revisions.ts'
import type { Connection, ServerFacts } from './connection.ts'
import { UpstreamError } from './upstream-error.ts'
import { UpstreamRefusal } from './upstream-refusal.ts'

/** Who begins. */
export interface Introduction {
  /** Of the legacy era. */
  readonly protocolVersion: string
  readonly clientCapabilities: JsonObject
  readonly clientInfo: JsonObject
  /** Of this hub, so that it recognises itself (M114). */
  readonly instanceId: string
}

type Asking = Pick<Connection, 'ask' | 'send'>

/** @throws UpstreamError, UpstreamRefusal when the server does not speak the legacy era. */
export async function beginLegacy(connection: Asking, from: Introduction): Promise<ServerFacts> {
  const result = await connection.ask('initialize', {
    protocolVersion: from.protocolVersion,
    capabilities: from.clientCapabilities,
    clientInfo: from.clientInfo,
    _meta: { [META_VIA]: [from.instanceId] },
  })
  connection.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  const { protocolVersion } = result
  return readFacts('legacy', typeof protocolVersion === 'string' ? protocolVersion : from.protocolVersion, result)
}

/** @throws UpstreamError, UpstreamRefusal when the server does not speak the modern era. */
export async function beginModern(connection: Asking, from: Introduction, signal: AbortSignal): Promise<ServerFacts> {
  const result = await connection.ask('server/discover', { _meta: modernMeta(from) }, signal).catch(forgiveModern)
  const { supportedVersions } = result
  if (Array.isArray(supportedVersions) && !supportedVersions.includes(MODERN_VERSION)) {
    const message = `It only speaks ${supportedVersions.join(', ')}.`
    throw new UpstreamRefusal({ code: UNSUPPORTED_VERSION, message, data: { supported: supportedVersions } })
  }
  return readFacts('modern', MODERN_VERSION, result)
}

/** `_meta` of the hub's own requests to a modern server. */
export function modernMeta(from: Pick<Introduction, 'clientInfo' | 'clientCapabilities' | 'instanceId'>): JsonObject {
  return {
    [META.protocolVersion]: MODERN_VERSION,
    [META.clientCapabilities]: from.clientCapabilities,
    [META.clientInfo]: from.clientInfo,
    [META_VIA]: [from.instanceId],
  }
}

const UNSUPPORTED_VERSION = -32022

/** Errors with which only a modern server answers, so that it is one all the same (M45). */
const MODERN_CODES: ReadonlySet<number> = new Set([-32020, -32021, UNSUPPORTED_VERSION])

/** It is one, whatever it did not like. */
function forgiveModern(error: unknown): JsonObject {
  if (error instanceof UpstreamRefusal && !saysLegacy(error)) return {}
  throw error
}

/** Whether a failed `server/discover` says that the server is of the other era, and not that it is ill. */
export function saysLegacy(error: unknown): boolean {
  if (error instanceof UpstreamRefusal) {
    const { code, data } = error.error
    const supported = isObject(data) ? data['supported'] : undefined
    return !MODERN_CODES.has(code) || (Array.isArray(supported) && !supported.includes(MODERN_VERSION))
  }
  if (!(error instanceof UpstreamError)) return false
  const { kind, status } = error.failure
  return kind === 'cancelled' || kind === 'timeout' || (kind === 'unreachable' && isOtherPath(status))
}

/** Statuses of a path that does not know this kind of request; 401, 403 and 5xx are errors and no verdict (M46). */
export function isOtherPath(status: number | undefined): boolean {
  return status === 400 || status === 404 || status === 405
}

function readFacts(era: ServerFacts['era'], protocolVersion: string, result: JsonObject): ServerFacts {
  const { capabilities, instructions } = result
  const meta = result['_meta']
  const told = era === 'legacy' ? result['serverInfo'] : isObject(meta) ? meta[META.serverInfo] : undefined
  return {
    era,
    protocolVersion,
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(isObject(told) ? { serverInfo: told } : {}),
    ...(typeof instructions === 'string' ? { instructions } : {}),
    result,
  }
}
