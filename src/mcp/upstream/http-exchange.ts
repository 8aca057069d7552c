/** One HTTP exchange with an MCP server: its answer read as messages, whichever of the two forms it has. */
import type { Readable } from 'node:stream'
import type { JsonRpcMessage } from '../json-rpc.ts'
import { createEventReader } from './event-reader.ts'
import type { HttpClient, HttpOrder, HttpReply } from './http-client.ts'
import { readMessages } from './read-message.ts'

/** What became of it. */
export type Outcome =
  /** All of the answer was read. */
  | { readonly type: 'ended'; readonly lastEventId: string | undefined; readonly retryMs: number | undefined }
  /** A status that is none of success, with the beginning of what was said. */
  | { readonly type: 'refused'; readonly status: number; readonly text: string }
  /** An answer that nobody can read. */
  | { readonly type: 'garbled'; readonly problem: string }

export interface ExchangeSink {
  message(message: JsonRpcMessage, bytes: number): void
  /** The headers have come; before any message. */
  headers?(reply: HttpReply): void
}

/** Of the words that come with a refusal. */
const REFUSAL_BYTES = 64 * 1024

/**
 * @param limitBytes of a plain answer, or of one event of a stream.
 * @throws what the network throws; what is a stream is then as far as `sink` has heard.
 */
export async function exchange(
  http: HttpClient,
  order: HttpOrder,
  limitBytes: number,
  sink: ExchangeSink,
): Promise<Outcome> {
  const reply = await http.call(order)
  if (reply.status < 200 || reply.status > 299) {
    const text = (await readUpTo(reply.body, REFUSAL_BYTES)) ?? Buffer.alloc(0)
    return { type: 'refused', status: reply.status, text: text.toString('utf8') }
  }
  sink.headers?.(reply)
  const type = String(reply.headers['content-type'] ?? '')
    .split(';', 1)[0]
    ?.trim()
    .toLowerCase()
  if (type === 'text/event-stream') return readStream(reply.body, limitBytes, sink)
  const bytes = await readUpTo(reply.body, limitBytes)
  if (bytes === undefined) return { type: 'garbled', problem: `sent more than ${limitBytes} bytes` }
  const isEmpty = bytes.toString('latin1').trim() === ''
  const messages = isEmpty ? [] : readMessages(bytes)
  // A notification may be answered with any polite word.
  if (messages === undefined) {
    return type === 'application/json'
      ? { type: 'garbled', problem: 'sent something that is no JSON-RPC' }
      : { type: 'garbled', problem: `sent ${type === '' ? 'an answer without a type' : String(type)}` }
  }
  for (const message of messages) sink.message(message, bytes.length)
  return { type: 'ended', lastEventId: undefined, retryMs: undefined }
}

async function readStream(body: Readable, limitBytes: number, sink: ExchangeSink): Promise<Outcome> {
  const reader = createEventReader(limitBytes, ({ event, data }) => {
    if (event !== 'message') return
    // What is no message is passed over: one bad event must not end the session (M47).
    const bytes = Buffer.from(data)
    for (const message of readMessages(bytes) ?? []) sink.message(message, bytes.length)
  })
  try {
    for await (const chunk of body) reader.push(chunk)
  } catch (error) {
    // A stream with ids can be taken up again, however it broke off.
    if (reader.lastEventId === undefined) throw error
  }
  return { type: 'ended', lastEventId: reader.lastEventId, retryMs: reader.retryMs }
}

/** @returns undefined when there is more, of which nothing is read. */
async function readUpTo(body: Readable, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > limitBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}
