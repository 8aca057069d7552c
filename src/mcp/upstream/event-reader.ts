/** Reads the server-sent events of an MCP server: with their ids and waiting times, as a stream may have to be taken up again (M21). */
import { FrameTooLong } from '../../../protocols/framing/frame-too-long.ts'
import { createLineDecoder } from '../../../protocols/framing/lines.ts'

export interface McpEvent {
  /** `message` when the stream names none. */
  readonly event: string
  readonly data: string
}

export interface EventReader {
  /** @throws FrameTooLong when one event outgrows the limit. */
  push(chunk: Buffer): void
  /** Of the last event that had one, also an empty event. */
  readonly lastEventId: string | undefined
  /** How long to wait before coming back. */
  readonly retryMs: number | undefined
}

/**
 * An event without the blank line after it does not count: its stream was cut.
 *
 * @param limitBytes of one event.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createEventReader(limitBytes: number, emit: (event: McpEvent) => void): EventReader {
  let event = ''
  let data: string[] = []
  let characters = 0
  let id: string | undefined
  let lastEventId: string | undefined
  let retryMs: number | undefined

  const FIELDS: Readonly<Record<string, (value: string) => void>> = {
    event: (value) => {
      event = value
    },
    data: (value) => {
      characters += value.length
      if (characters > limitBytes) throw new FrameTooLong(limitBytes)
      data.push(value)
    },
    id: (value) => {
      if (!value.includes('\0')) id = value
    },
    retry: (value) => {
      if (/^\d+$/.test(value)) retryMs = Number(value)
    },
  }

  function dispatch(): void {
    lastEventId = id ?? lastEventId
    const complete = { event: event === '' ? 'message' : event, data: data.join('\n') }
    event = ''
    data = []
    characters = 0
    // The first event of a stream has an id and nothing else, so that the stream can be taken up from its very beginning.
    if (complete.data !== '') emit(complete)
  }

  const lines = createLineDecoder((line) => {
    if (line === '') {
      dispatch()
      return
    }
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (Object.hasOwn(FIELDS, name)) FIELDS[name]?.(value)
  }, limitBytes)

  return {
    push: (chunk) => lines.push(chunk),
    get lastEventId() {
      return lastEventId
    },
    get retryMs() {
      return retryMs
    },
  }
}
