/**
 * How fast answers are read: `npm run toolcall-bench`. Bytes of UTF-8 per second of processor time, all threads of the process
 * counted, so that other work on the machine matters less; the listener only, no grammar and no encoder behind it.
 *
 * `plain`: prose and code in pieces of 64 characters, `whole`: the same in one; `turns`: a paragraph and a call that writes 2 kB,
 * again and again; `argument`: one call that writes megabytes; `calls`: nothing but calls of some 120 characters, which no piece
 * holds whole, the worst case; `packets`: the same in pieces of 1,024.
 */
import { DIALECT_NAMES, type DialectName } from '../../src/compat/dialect-name.ts'
import { createListener } from '../../src/compat/listen.ts'
import { WRITE_FILE, WRITERS } from '../toolcall/samples.ts'

const PIECE = 64
const PACKET = 1024
const BYTES = 2_000_000
const CODE = 'export const total = items.filter((item) => item.id !== 7 && item.price < 10).map((item) => item.name)\n'
const PROSE = `The parser reads a < b and \`inline code\`, then a list [1, 2]. ${CODE}It is what it is: nothing more.\n\n`
const PLAIN = PROSE.repeat(Math.ceil(BYTES / PROSE.length))

/** @param piece length of the pieces in which the text comes. */
function measure(dialect: DialectName, text: string, piece: number): number {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += piece) pieces.push(text.slice(at, at + piece))
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 8; round++) {
    let heard = 0
    const before = process.cpuUsage()
    const listener = createListener({ dialect, tools: [{ type: 'function', ...WRITE_FILE }] }, () => {
      heard++
    })
    listener.push({ type: 'part-start', part: 0, choice: 0, head: { type: 'text' } })
    for (const one of pieces) listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text: one } })
    listener.push({ type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] })
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, user + system)
    if (heard === 0) throw new Error('nothing was heard')
  }
  return Buffer.byteLength(text) / best
}

const BAR = 20
console.log('MB/s                 plain     whole     turns  argument     calls   packets')
for (const dialect of DIALECT_NAMES) {
  const write = WRITERS[dialect]
  const fill = (text: string): string => text.repeat(Math.ceil(BYTES / text.length))
  const turn = `${PROSE.repeat(3)}${write({ path: 'src/a.ts', content: CODE.repeat(20), mode: 3 })}\n`
  const calls = fill(`${write({ path: 'src/a.ts', content: 'const a = 1 // one', mode: 3 })}\n`)
  const speeds = [
    measure(dialect, PLAIN, PIECE),
    measure(dialect, PLAIN, PLAIN.length),
    measure(dialect, fill(turn), PIECE),
    measure(dialect, write({ path: 'src/a.ts', content: fill(CODE), mode: 3 }), PIECE),
    measure(dialect, calls, PIECE),
    measure(dialect, calls, PACKET),
  ]
  const below = speeds.some((speed) => speed < BAR) ? `   below ${BAR}` : ''
  console.log(`${dialect.padEnd(16)}${speeds.map((speed) => speed.toFixed(0).padStart(10)).join('')}${below}`)
}
