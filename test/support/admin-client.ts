/** Calls the management API of a gateway. */
import { expect } from 'chai'

export interface AdminAnswer {
  readonly status: number
  readonly text: string
  /** Parsed. */
  readonly body: any
  /** Of the header ETag; empty: there was none. */
  readonly tag: string
}

export type AdminCall = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<AdminAnswer>

/** @param key sent with every call, unless a call says otherwise. */
export function createAdminClient(url: string, key?: string): AdminCall {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { ...(key === undefined ? {} : { 'x-api-key': key }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    expect(response.headers.get('content-type'), `${method} ${path}`).to.match(/^application\/(health\+)?json/)
    return { status: response.status, text, body: JSON.parse(text), tag: response.headers.get('etag') ?? '' }
  }
}
