/** The kinds of back end that every client is tried with. */
import { anthropicAnswer, anthropicStream } from '../support/anthropic-fake.ts'
import type { Script } from '../support/fake-provider.ts'
import { ollamaAnswer, ollamaStream } from '../support/ollama-fake.ts'
import { openaiAnswer, openaiStream } from '../support/openai-fake.ts'
import type { Said } from '../support/said.ts'

export interface BackEnd {
  readonly protocol: string
  /** How it answers a request, in one piece or as a stream as it was asked to. */
  answer(said: Said): (request: { readonly json: { readonly stream?: boolean } }) => Script
}

export const BACK_ENDS: readonly BackEnd[] = [
  {
    protocol: 'openai-chat',
    answer: (said) => (request) => (request.json.stream === true ? openaiStream(said) : openaiAnswer(said)),
  },
  {
    protocol: 'anthropic',
    answer: (said) => (request) => (request.json.stream === true ? anthropicStream(said) : anthropicAnswer(said)),
  },
  {
    protocol: 'ollama',
    // It streams to whoever does not say.
    answer: (said) => (request) => (request.json.stream === false ? ollamaAnswer(said) : ollamaStream(said)),
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
