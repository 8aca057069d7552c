/** Server-sent events on one HTTP answer. */
import type { ServerResponse } from 'node:http'
import type { AnswerHeaders } from '../../http/answer.ts'
import { createStreamAnswer, STREAM_TIMES } from '../../http/stream-answer.ts'

/** A reader that is so far behind does not read any more (M11). */
const MAX_WAITING_BYTES = 8 * 1024 * 1024

const COMMENT = ':\n\n'

export interface ServerEvent {
  readonly name?: string
  readonly id?: string
  readonly retryMs?: number
  /** JSON text, or empty; it has no line breaks. */
  readonly data: string
}

export interface EventWriter {
  write(event: ServerEvent): void
  /** Proxies hold headers back until the first byte of the body: this is one (M10). */
  comment(): void
  end(): void
}

/**
 * Opens the stream: the headers go out at once, and a comment in every silence.
 *
 * @param onClosed the client has left, or did not read. Not called after `end`.
 */
export function openEvents(
  response: ServerResponse,
  options: { readonly keepAliveMs: number; readonly headers: AnswerHeaders; readonly onClosed: () => void },
): EventWriter {
  const stream = createStreamAnswer(response, {
    contentType: 'text/event-stream',
    keepAlive: COMMENT,
    keepAliveMs: options.keepAliveMs,
    stallMs: STREAM_TIMES.stallMs,
    onClosed: options.onClosed,
  })
  stream.open(200, options.headers)
  // A proxy that compresses would hold events back.
  if (!response.headersSent) response.setHeader('cache-control', 'no-cache, no-transform')

  const write = (text: string): void => {
    if (stream.closed) return
    if (response.writableLength > MAX_WAITING_BYTES) {
      stream.destroy()
      options.onClosed()
      return
    }
    stream.write(text)
  }
  return {
    write: (event) => write(formatEvent(event)),
    comment: () => write(COMMENT),
    end: () => stream.end(),
  }
}

function formatEvent({ name, id, retryMs, data }: ServerEvent): string {
  const lines = [
    ...(name === undefined ? [] : [`event: ${name}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retryMs === undefined ? [] : [`retry: ${retryMs}`]),
    `data: ${data}`,
  ]
  return `${lines.join('\n')}\n\n`
}
