/** Calls to legacy servers that asked something meanwhile: kept until their stateless client comes back (M92). */
import type { HubContext } from '../hub-context.ts'
import { isObject } from '../message-kind.ts'
import { RPC, RpcFailure } from '../rpc-failure.ts'
import type { StatelessCall } from '../stateless/stateless-call.ts'
import type { Connection } from '../upstream/connection.ts'
import { type AnswerMaker, HeldCall } from './held-call.ts'
import { createStateSeal } from './sealed-state.ts'

const MAX_PER_KEY = 64

export interface HeldCalls {
  /** Begins a call that may come to be held. @throws RpcFailure when the key has too many. */
  begin(call: StatelessCall, connection: Connection, make: AnswerMaker): HeldCall
  /**
   * Goes on with a held call, if that is what the request is.
   *
   * @throws RpcFailure `-32602` for a state that is not right (M41) or responses that are none (M42).
   */
  resume(call: StatelessCall): boolean
  close(): void
}

export function createHeldCalls(hub: HubContext): HeldCalls {
  const seal = createStateSeal()
  const calls = new Map<string, HeldCall>()
  return {
    begin(call, connection, make) {
      const { keyId, request } = call
      if ([...calls.values()].filter((held) => held.keyId === keyId).length >= MAX_PER_KEY) {
        connection.close()
        throw new RpcFailure(RPC.internal, 'Too many calls wait for input: answer some of them first.')
      }
      const id = hub.randomId()
      const held = new HeldCall({
        call,
        connection,
        make,
        times: hub.times,
        seal: () => seal.seal(id, keyId, request, hub.now() + hub.times.holdMs),
        ended: () => calls.delete(id),
      })
      calls.set(id, held)
      return held
    },
    resume(call) {
      const { params = {} } = call.request
      const id = seal.open(params['requestState'], call.keyId, call.request, hub.now())
      if (id === undefined) return false
      const responses = params['inputResponses'] ?? {}
      if (!isObject(responses) || !Object.values(responses).every(isObject)) {
        throw new RpcFailure(RPC.invalidParams, 'inputResponses must be an object of objects.')
      }
      const held = calls.get(id)
      if (held === undefined) throw new RpcFailure(RPC.invalidParams, 'This call is over: begin it anew.')
      held.resume(call, responses)
      return true
    },
    close() {
      for (const held of [...calls.values()]) held.end()
    },
  }
}
