/**
 * How fast answers are read, on one core: `node test/bench/toolcall.ts`. Plain prose and code, short calls and long arguments,
 * in pieces as a back end sends them. Bytes of UTF-8 per second; the listener only, no grammar and no encoder behind it.
 */
import { DIALECT_NAMES, type DialectName } from '../../src/compat/dialect-name.ts'
import { createListener } from '../../src/compat/listen.ts'
import { WRITE_FILE, WRITERS } from '../toolcall/samples.ts'

const PIECE = 64
const BYTES = 4_000_000
const CODE = 'export const total = items.filter((item) => item.id !== 7 && item.price < 10).map((item) => item.name)\n'
const PROSE = `The parser reads a < b and \`inline code\`, then a list [1, 2]. ${CODE}It is what it is: nothing more.\n\n`
const PLAIN = PROSE.repeat(Math.ceil(BYTES / PROSE.length))

/** @param piece length of the pieces in which the text comes. */
function measure(dialect: DialectName, text: string, piece: number): number {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += piece) pieces.push(text.slice(at, at + piece))
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    let heard = 0
    const started = performance.now()
    const listener = createListener({ dialect, tools: [{ type: 'function', ...WRITE_FILE }] }, () => {
      heard++
    })
    listener.push({ type: 'part-start', part: 0, choice: 0, head: { type: 'text' } })
    for (const one of pieces) listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text: one } })
    listener.push({ type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] })
    best = Math.min(best, performance.now() - started)
    if (heard === 0) throw new Error('nothing was heard')
  }
  return Buffer.byteLength(text) / best / 1000
}

const lowest: number[] = []
console.log(`MB/s                     plain   short calls   long argument   one chunk`)
for (const dialect of DIALECT_NAMES) {
  const write = WRITERS[dialect]
  const short = `${write({ path: 'src/a.ts', content: 'const a = 1 // one', mode: 3 })}\n`
  const calls = short.repeat(Math.ceil(BYTES / short.length))
  const long = write({ path: 'src/a.ts', content: CODE.repeat(BYTES / CODE.length), mode: 3 })
  const speeds = [
    measure(dialect, PLAIN, PIECE),
    measure(dialect, calls, PIECE),
    measure(dialect, long, PIECE),
    measure(dialect, PLAIN, PLAIN.length),
  ]
  lowest.push(Math.min(...speeds))
  console.log(`${dialect.padEnd(16)}${speeds.map((speed) => speed.toFixed(0).padStart(14)).join('')}`)
}
console.log(`slowest: ${Math.min(...lowest).toFixed(1)} MB/s`)
