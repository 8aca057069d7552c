/** Bare clients of both protocols, for what an SDK would hide: bytes, headers, envelopes. */
import { expect } from 'chai'

export interface BareClient {
  readonly protocol: string
  readonly path: string
  /** A request that is right in every way. */
  readonly body: Readonly<Record<string, unknown>>
  /** Fails unless this is an error in the protocol's own envelope. */
  checkError(json: any): { readonly type: string; readonly message: string }
  /** The error that a stream was ended with; nothing when there is none. */
  streamError(text: string): string | undefined
  /** Whether the stream tells that it is complete. */
  isComplete(text: string): boolean
}

export const OPENAI: BareClient = {
  protocol: 'openai-chat',
  path: '/v1/chat/completions',
  body: { model: 'my-model', messages: [{ role: 'user', content: 'Hi' }] },
  checkError(json) {
    expect(Object.keys(json)).to.deep.equal(['error'])
    expect(json.error).to.include.all.keys('message', 'type', 'param', 'code')
    expect(json.error.message).to.be.a('string').and.not.equal('')
    return json.error
  },
  streamError: (text) => lastEvent(text)?.error?.message,
  isComplete: (text) => text.includes('data: [DONE]'),
}

export const ANTHROPIC: BareClient = {
  protocol: 'anthropic',
  path: '/v1/messages',
  body: { model: 'my-model', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] },
  checkError(json) {
    expect(json.type).to.equal('error')
    expect(json.request_id).to.be.a('string')
    expect(json.error.type).to.be.a('string')
    expect(json.error.message).to.be.a('string').and.not.equal('')
    return json.error
  },
  streamError(text) {
    const last = lastEvent(text)
    return last?.type === 'error' ? last.error.message : undefined
  },
  isComplete: (text) => text.includes('"message_stop"'),
}

export const CLIENTS = [OPENAI, ANTHROPIC]

/** Sends the body and keeps the whole answer. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parse(text) }
}

function lastEvent(text: string): any {
  const data = text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .at(-1)
  return data === undefined ? undefined : parse(data.slice('data: '.length))
}

function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
