/** Server-sent events: bytes in, events out, and back. */
import type { FrameDecoder } from './frame-decoder.ts'
import { FRAME_LIMIT_BYTES, FrameTooLong } from './frame-too-long.ts'
import { createLineDecoder } from './lines.ts'

export interface SseEvent {
  /** Empty when the stream names none. */
  readonly event: string
  /** Its `data` lines, joined by LF. Never absent: an event without any is none. */
  readonly data: string
}

/**
 * Reads a stream as the standard interprets it, with two differences on purpose:
 *
 * - the last event counts without the blank line after it (back ends that close at once are many);
 * - a line `error: <text>`, an unknown field to the standard, is an event `error` with that text of its own: gpustack
 *   writes its failures so, and to ignore them would turn a failed answer into a finished one.
 *
 * `id`, `retry`, comments and unknown fields are ignored. `data:` with nothing behind it is an event with empty data.
 *
 * @param limitBytes of one line, and of the characters of one event's data.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createSseDecoder(emit: (event: SseEvent) => void, limitBytes = FRAME_LIMIT_BYTES): FrameDecoder {
  let name = ''
  let data: string | undefined

  function dispatch(): void {
    const event = data === undefined ? undefined : { event: name, data }
    name = ''
    data = undefined
    if (event !== undefined) emit(event)
  }

  function addData(value: string): void {
    if (data === undefined) {
      data = value
      return
    }
    if (data.length + value.length > limitBytes) throw new FrameTooLong(limitBytes)
    data = `${data}\n${value}`
  }

  function readLine(line: string): void {
    if (line === '') {
      dispatch()
    } else if (line.startsWith('data:')) {
      addData(valueAfter(line, 'data'))
    } else if (line.startsWith('event:')) {
      name = valueAfter(line, 'event')
    } else if (line.startsWith('error:')) {
      dispatch()
      emit({ event: 'error', data: valueAfter(line, 'error') })
    } else if (line === 'data') {
      addData('')
    } else if (line === 'event') {
      name = ''
    }
  }

  const lines = createLineDecoder(readLine, limitBytes)
  return {
    push: lines.push,
    end() {
      lines.end()
      dispatch()
    },
  }
}

/**
 * One event as text, with the blank line that ends it.
 *
 * @param data any text; it is cut at its line ends, of which a reader sees LF only.
 * @param event a word of a protocol, one line; absent or empty for none.
 */
export function encodeSse(data: string, event = ''): string {
  const isOneLine = !data.includes('\n') && !data.includes('\r')
  const lines = isOneLine ? data : data.replaceAll(/\r\n|\r|\n/g, '\ndata: ')
  return event === '' ? `data: ${lines}\n\n` : `event: ${event}\ndata: ${lines}\n\n`
}

/** What stands behind the colon, without the one space that may follow it. */
function valueAfter(line: string, field: string): string {
  const start = field.length + 1
  return line.slice(line.charCodeAt(start) === 0x20 ? start + 1 : start)
}
