/** Stands before everything: where a request comes from, who sends it, and what that opens. */
import type { IncomingMessage } from 'node:http'
import type { ApiError } from '../../protocols/ir/error.ts'
import { ANYBODY, type Caller, mayUse } from './caller.ts'
import { findCredential } from './credential.ts'
import { type GuardPolicy, judgeRequest } from './guard.ts'
import type { Keyring } from './keyring.ts'

export type Admission = { readonly caller: Caller } | { readonly refusal: ApiError }

export interface Gatekeeper {
  /** @returns the error to answer with, on every path; nothing when the request may come from where it comes. */
  judgeOrigin(request: IncomingMessage): ApiError | undefined
  /** The same for MCP, by stricter rules for names and milder ones for pages of this machine. */
  judgeMcpOrigin(request: IncomingMessage): ApiError | undefined
  /** Asks for the key, if keys are asked for at all. @param query of the request's path. */
  admit(request: IncomingMessage, query: URLSearchParams): Admission
}

/** One answer for a missing, a wrong and a doubled key: it tells nothing about which keys there are (S11). */
const NO_KEY: ApiError = {
  kind: 'unauthorized',
  message:
    "This gateway asks for its own API key, sent as Authorization: Bearer, x-api-key or x-goog-api-key. It is missing or wrong here; no provider's key was refused.",
  source: 'proxy',
}

export function createGatekeeper(policy: Omit<GuardPolicy, 'asksForKey'>, keyring: () => Keyring): Gatekeeper {
  const judge = ({ method = 'GET', rawHeaders, socket }: IncomingMessage, more: Partial<GuardPolicy>) =>
    judgeRequest(
      { method, rawHeaders, remoteAddress: socket.remoteAddress },
      { ...policy, asksForKey: !keyring().isEmpty, ...more },
    )
  return {
    judgeOrigin: (request) => judge(request, {}),
    judgeMcpOrigin: (request) => judge(request, { isMcp: true }),
    admit({ headers }, query) {
      const keys = keyring()
      if (keys.isEmpty) return { caller: ANYBODY }
      const credential = findCredential(headers, query)
      const caller = credential.kind === 'key' ? keys.find(credential.key) : undefined
      return caller === undefined ? { refusal: NO_KEY } : { caller }
    },
  }
}

/**
 * @param group what the path names, whether it is there or not: the answer is the same (S11).
 * @returns the error to answer with; nothing when the caller may use the group.
 */
export function judgeGroup(caller: Caller, group: string): ApiError | undefined {
  if (mayUse(caller, group)) return undefined
  return { kind: 'forbidden', message: 'This API key does not open that group.', source: 'proxy' }
}

/** @returns the error to answer with; nothing when the caller may manage the gateway (S18). */
export function judgeAdmin(caller: Caller): ApiError | undefined {
  if (caller.isAdmin) return undefined
  return { kind: 'forbidden', message: 'This API key does not open the management API.', source: 'proxy' }
}

const CALLERS = new WeakMap<IncomingMessage, Caller>()

/** Keeps who sends a request, for those who serve it further on. */
export function noteCaller(request: IncomingMessage, caller: Caller): void {
  CALLERS.set(request, caller)
}

/** Who sends it; nothing where nobody was asked, or the key was wrong on a path that is open to all. */
export function callerOf(request: IncomingMessage): Caller | undefined {
  return CALLERS.get(request)
}
