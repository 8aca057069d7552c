/** The kinds of back end that every client is tried with. */
import { anthropicAnswer, anthropicError, anthropicStream } from '../support/anthropic-fake.ts'
import type { Script } from '../support/fake-provider.ts'
import { geminiAnswer, geminiError, geminiStream } from '../support/gemini-fake.ts'
import { ollamaAnswer, ollamaError, ollamaStream } from '../support/ollama-fake.ts'
import { openaiAnswer, openaiError, openaiStream } from '../support/openai-fake.ts'
import { responsesAnswer, responsesStream } from '../support/responses-fake.ts'
import type { Said } from '../support/said.ts'

export interface BackEnd {
  readonly protocol: string
  /** How it answers a request, in one piece or as a stream as it was asked to. */
  answer(said: Said): (request: AskedOf) => Script
  /** How it tells a failure of this status. */
  fail(status: number, message: string): Script
}

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

const GEMINI_STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
}

/** What of a request tells how it is to be answered. */
interface AskedOf {
  readonly json: { readonly stream?: boolean; readonly model?: string }
  readonly path?: string
}

/** The model that a back end was asked for: in the body, or in the path where the protocol has it there. */
export function modelAsked({ json, path = '' }: AskedOf): string | undefined {
  return json.model ?? /\/models\/([^:?]+)/.exec(path)?.[1]
}

export const BACK_ENDS: readonly BackEnd[] = [
  {
    protocol: 'openai-chat',
    fail: (status, message) => openaiError(status, message),
    answer: (said) => (request) => (request.json.stream === true ? openaiStream(said) : openaiAnswer(said)),
  },
  {
    protocol: 'anthropic',
    fail: (status, message) => anthropicError(status, ANTHROPIC_TYPES[status] ?? 'api_error', message),
    answer: (said) => (request) => (request.json.stream === true ? anthropicStream(said) : anthropicAnswer(said)),
  },
  {
    protocol: 'ollama',
    fail: ollamaError,
    // It streams to whoever does not say.
    answer: (said) => (request) => (request.json.stream === false ? ollamaAnswer(said) : ollamaStream(said)),
  },
  {
    protocol: 'openai-responses',
    fail: (status, message) => openaiError(status, message),
    answer: (said) => (request) => (request.json.stream === true ? responsesStream(said) : responsesAnswer(said)),
  },
  {
    protocol: 'gemini',
    fail: (status, message) => geminiError(status, GEMINI_STATUSES[status] ?? 'UNAVAILABLE', message),
    answer: (said) => (request) =>
      (request.path?.includes(':streamGenerateContent') ?? request.json.stream === true)
        ? geminiStream(said)
        : geminiAnswer(said),
  },
]

/** Where a client may be pointed: with and without group, with and without compat mode. */
export const PREFIXES = ['', '/team', '/team/compat_mode', '/compat_mode', '/switch', '/switch/compat', '/team/compat']

export function configFor(protocol: string, url: string): object {
  const alias = { 'my-model': { provider: 'acme', model: 'acme-large' } }
  return {
    providers: [
      { name: 'acme', protocol, api_base_url: url, api_key: 'sk-provider-secret-0001', models: ['acme-large'] },
    ],
    groups: { default: { aliases: alias }, team: { aliases: alias } },
  }
}
