/** The hub on standard input and output, for clients that have nothing else (M116). */
import type { Readable, Writable } from 'node:stream'
import type { Conversation } from '../conversation.ts'
import type { JsonRpcMessage } from '../json-rpc.ts'
import { readMessages } from '../read-messages.ts'
import { answerError, toRpcError } from '../rpc-failure.ts'
import { createLineSplitter } from '../upstream/line-splitter.ts'

/** As large as a body over HTTP. */
const MAX_LINE_BYTES = 4 * 1024 * 1024

export interface StdioOptions {
  readonly input: Readable
  /** Carries JSON-RPC and nothing else. */
  readonly output: Writable
  readonly converse: (deliver: (message: JsonRpcMessage) => void) => Conversation
}

/** @returns when the input has ended, or nobody reads the output; the conversation is closed then. */
export async function serveStdio({ input, output, converse }: StdioOptions): Promise<void> {
  const deliver = (message: object): void => {
    if (output.writable) output.write(`${JSON.stringify(message)}\n`)
  }
  const conversation = converse(deliver)
  const take = (line: Buffer): void => {
    if (line.toString('latin1').trim() === '') return
    try {
      const read = readMessages(line)
      for (const message of read.batch ? read.messages : [read.message]) conversation.receive(message)
    } catch (error) {
      deliver(answerError(undefined, toRpcError(error)))
    }
  }
  await readLines(input, output, take)
  conversation.close()
}

/** Cut at line feeds only; a line that is too long ends it. */
export function readLines(input: Readable, output: Writable, take: (line: Buffer) => void): Promise<void> {
  return new Promise((resolve) => {
    const lines = createLineSplitter(MAX_LINE_BYTES, { line: take, tooLong: resolve })
    input.on('data', (chunk: Buffer) => lines.push(chunk))
    input.once('end', resolve)
    input.once('close', resolve)
    output.once('error', () => resolve())
    output.once('close', resolve)
  })
}
