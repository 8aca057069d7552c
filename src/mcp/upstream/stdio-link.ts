/** A server that runs as a process of its own: one message per line on its standard input and output. */
import type { JsonRpcMessage } from '../json-rpc.ts'
import type { Clock } from './clock.ts'
import { createLineSplitter } from './line-splitter.ts'
import type { Link, LinkListener } from './link.ts'
import type { LaunchOrder } from './plan-launch.ts'
import type { ProcessGroups } from './process-groups.ts'
import { readMessages } from './read-message.ts'
import type { StderrRing } from './stderr-ring.ts'

export interface StdioOptions {
  readonly server: string
  readonly order: LaunchOrder
  readonly groups: ProcessGroups
  readonly stderr: StderrRing
  readonly clock: Clock
  /** Of one line; a longer one ends the process. */
  readonly messageBytes: number
}

/** Bytes of a line that is no message, as the ring keeps it. */
const STRAY_BYTES = 2048

/** How long the output may still come after the end of the process. */
const DRAIN_MS = 250

/** Last lines of the standard error that a failure quotes. */
const QUOTED_LINES = 5

/** Starts the process. Lines that are no messages go where its standard error goes (M73). */
export function openStdioLink(options: StdioOptions, listener: LinkListener): Link {
  const { server, stderr } = options
  const group = options.groups.start(options.order)
  const { stdin, stdout } = group.child
  let isOver = false
  let hasSpoken = false

  function giveUp(reason: string): void {
    if (isOver) return
    isOver = true
    // Why it does not start helps whoever starts it; later on it may hold anything, and clients hear of a failed call (M90).
    const words = hasSpoken ? '' : stderr.tail(QUOTED_LINES)
    const quoted = words === '' ? '' : ` Its last words: ${words}`
    listener.closed({ kind: 'closed', message: `The MCP server ${server} has ended (${reason}).${quoted}` })
    void close()
  }

  function close(): Promise<void> {
    isOver = true
    stdout.destroy()
    group.child.stderr.destroy()
    return group.end()
  }

  function readLine(line: Buffer): void {
    if (isOver || isBlank(line)) return
    const messages = readMessages(line)
    if (messages === undefined) stderr.append(Buffer.concat([line.subarray(0, STRAY_BYTES), Buffer.from('\n')]))
    else {
      hasSpoken = true
      for (const message of messages) listener.message(message, undefined, line.length)
    }
  }

  const splitter = createLineSplitter(options.messageBytes, {
    line: readLine,
    tooLong: () => giveUp(`it wrote a line of more than ${options.messageBytes} bytes`),
  })
  stdout.on('data', (chunk: Buffer) => splitter.push(chunk))
  stdout.on('error', () => {})
  group.child.stderr.on('data', (chunk: Buffer) => stderr.append(chunk))
  group.child.stderr.on('error', () => {})
  // What it wrote before it ended still counts; but somebody whom it has started may hold its output open for ever.
  const drained = new Promise<void>((resolve) => {
    stdout.once('close', resolve)
    void group.ended.then(() => options.clock.after(DRAIN_MS, resolve))
  })
  void Promise.all([group.ended, drained]).then(([reason]) => giveUp(reason))

  function write(message: JsonRpcMessage): void {
    if (!isOver) stdin.write(`${JSON.stringify(message)}\n`)
  }

  return {
    send: write,
    cancel: write,
    close,
  }
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09)
}
