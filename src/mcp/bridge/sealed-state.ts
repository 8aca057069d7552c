/** `requestState` of the hub itself: it leads back to a held call, and nobody else can make one (M41). */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseJson } from '../../../protocols/json/parse.ts'
import type { JsonRpcRequest } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { RPC, RpcFailure } from '../rpc-failure.ts'

/** Tells our own states from those of servers, which pass as they are. */
const MARK = 'interlingua.'

interface Sealed {
  readonly held: string
  readonly keyId: string
  readonly digest: string
  readonly until: number
}

export interface StateSeal {
  seal(held: string, keyId: string, request: JsonRpcRequest, until: number): string
  /**
   * @returns the held call that is meant; nothing for a state that is not ours.
   * @throws RpcFailure `-32602` for one that was changed, has expired, or belongs to another request or key.
   */
  open(state: unknown, keyId: string, request: JsonRpcRequest, now: number): string | undefined
}

/** The secret lives as long as the process, as the calls do that are held in it. */
export function createStateSeal(): StateSeal {
  const secret = randomBytes(32)
  const sign = (body: string): Buffer => createHmac('sha256', secret).update(body).digest()
  return {
    seal(held, keyId, request, until) {
      const sealed: Sealed = { held, keyId, digest: digestOf(request), until }
      const body = Buffer.from(JSON.stringify(sealed)).toString('base64url')
      return `${MARK}${body}.${sign(body).toString('base64url')}`
    },
    open(state, keyId, request, now) {
      if (typeof state !== 'string' || !state.startsWith(MARK)) return undefined
      const [body = '', signature = ''] = state.slice(MARK.length).split('.')
      const given = Buffer.from(signature, 'base64url')
      const right = sign(body)
      if (given.length !== right.length || !timingSafeEqual(given, right)) throw foreign()
      const sealed = parseJson(Buffer.from(body, 'base64url'))
      if (!isObject(sealed) || sealed['keyId'] !== keyId || sealed['digest'] !== digestOf(request)) throw foreign()
      if (typeof sealed['until'] !== 'number' || sealed['until'] < now) throw foreign()
      return String(sealed['held'])
    },
  }
}

/** Of everything that a repetition must leave as it was (M39). */
function digestOf({ method, params = {} }: JsonRpcRequest): string {
  const { inputResponses: _responses, requestState: _state, _meta, ...rest } = params
  return createHash('sha256')
    .update(JSON.stringify([method, rest]))
    .digest('base64url')
}

function foreign(): RpcFailure {
  return new RpcFailure(RPC.invalidParams, 'This requestState does not belong to this request, or has expired.')
}
