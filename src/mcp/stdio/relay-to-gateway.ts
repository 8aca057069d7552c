/** Standard input and output, joined to the hub of a gateway that runs already (M116). */
import type { Readable, Writable } from 'node:stream'
import { request } from 'undici'
import { createEventReader } from '../upstream/event-reader.ts'
import { readLines } from './serve-stdio.ts'

/** Largest message of the gateway; its own limit on results is below. */
const MAX_EVENT_BYTES = 64 * 1024 * 1024

export interface RelayOptions {
  /** Of the gateway, with the group, without a slash at the end. */
  readonly url: string
  readonly key: string | undefined
  readonly input: Readable
  readonly output: Writable
}

/**
 * Messages pass as they are, line by event and event by line.
 *
 * @returns when the input has ended.
 * @throws Error with one sentence when the gateway refuses, or goes away.
 */
export async function relayToGateway({ url, key, input, output }: RelayOptions): Promise<void> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const end = new AbortController()
  const stream = await request(`${url}/sse`, {
    headers: { ...headers, accept: 'text/event-stream' },
    signal: end.signal,
    headersTimeout: 10_000,
    bodyTimeout: 0,
  })
  if (stream.statusCode !== 200) {
    const text = await stream.body.text()
    throw new Error(`The gateway at ${url} answered ${stream.statusCode}: ${readMessage(text)}`)
  }
  const endpoint = Promise.withResolvers<URL>()
  const events = createEventReader(MAX_EVENT_BYTES, ({ event, data }) => {
    if (event === 'endpoint') endpoint.resolve(new URL(data, url))
    else output.write(`${data}\n`)
  })
  const gone = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error('The gateway has ended the connection.'))
    stream.body.on('data', (chunk: Buffer) => events.push(chunk))
    stream.body.once('end', fail)
    stream.body.once('error', fail)
  })
  // One after the other, so that none overtakes another.
  let posted: Promise<unknown> = endpoint.promise
  const post = async (line: Buffer): Promise<void> => {
    const { statusCode, body } = await request(await endpoint.promise, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: line,
    })
    const text = await body.text()
    // What was wrong with the message is told as an answer to it.
    if (statusCode >= 400) output.write(`${text.replaceAll('\n', ' ')}\n`)
  }
  const read = readLines(input, output, (line) => {
    if (line.toString('latin1').trim() !== '') posted = posted.then(() => post(line)).catch(() => undefined)
  })
  try {
    await Promise.race([read, gone])
    await posted
  } finally {
    gone.catch(() => undefined)
    end.abort()
  }
}

function readMessage(text: string): string {
  return /"message":"([^"]{1,300})/.exec(text)?.[1] ?? text.slice(0, 300)
}
