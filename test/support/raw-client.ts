/** A client that writes bytes and reads bytes, for what no decent client sends. */
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** Lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly json: any
}

export interface RawClient {
  readonly socket: Socket
  write(bytes: string | Uint8Array): void
  /** Everything that came so far. */
  readonly text: string
  /** Resolves as soon as the text so far fits. */
  until(fits: (text: string) => boolean): Promise<string>
  /** Resolves when the connection is closed. */
  closed(): Promise<string>
}

export function openRaw(port: number): RawClient {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  let isClosed = false
  const looks = new Set<() => void>()
  socket.setEncoding('latin1')
  socket.on('data', (piece) => {
    text += piece.toString()
    for (const look of [...looks]) look()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    isClosed = true
    for (const look of [...looks]) look()
  })
  const wait = (condition: () => boolean) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (condition()) resolve(text)
        else if (isClosed) reject(new Error(`the connection closed after ${JSON.stringify(text)}`))
        else return
        looks.delete(look)
      }
      looks.add(look)
      look()
    })
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    get text() {
      return text
    },
    until: (fits) => wait(() => fits(text)),
    closed: () => wait(() => isClosed),
  }
}

/** Writes and reads until the other side closes; the first answer of what came. */
export async function exchangeRaw(port: number, bytes: string | Uint8Array): Promise<RawAnswer> {
  const client = openRaw(port)
  client.write(bytes)
  return parseAnswer(await client.closed())
}

/** The last answer in the text: an informational one may stand before it. */
export function parseAnswer(text: string): RawAnswer {
  let rest = text
  while (rest.startsWith('HTTP/1.1 1')) rest = rest.slice(rest.indexOf('\r\n\r\n') + 4)
  const end = rest.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  const body = Buffer.from(rest.slice(end + 4), 'latin1').toString()
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    json = undefined
  }
  return { status: Number(statusLine.split(' ')[1]), headers, body, json }
}
