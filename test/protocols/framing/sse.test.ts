import { expect } from 'chai'
import fc from 'fast-check'
import { FrameTooLong } from '../../../protocols/framing/frame-too-long.ts'
import { createSseDecoder, encodeSse, type SseEvent } from '../../../protocols/framing/sse.ts'
import { cutAt, cutEvery } from './cut.ts'

function decode(...chunks: (string | Uint8Array)[]): SseEvent[] {
  const events: SseEvent[] = []
  const decoder = createSseDecoder((event) => events.push(event))
  for (const chunk of chunks) decoder.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
  decoder.end()
  return events
}

/** The algorithm of the standard, word for word and on the whole text at once, but for the flush at the end. */
function interpret(bytes: Uint8Array): SseEvent[] {
  const events: SseEvent[] = []
  let type = ''
  let data = ''
  for (const line of [...new TextDecoder().decode(bytes).split(/\r\n|\r|\n/), '']) {
    if (line === '') {
      if (data !== '') events.push({ event: type, data: data.slice(0, -1) })
      type = ''
      data = ''
      continue
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? []
    if (field === 'event') type = value
    if (field === 'data') data += `${value}\n`
  }
  return events
}

const message = (data: string, event = ''): SseEvent => ({ event, data })

const ROWS: readonly (readonly [title: string, stream: string, events: readonly SseEvent[]])[] = [
  ['an empty stream has no events', '', []],
  ['F67 LF ends lines', 'event: a\ndata: 1\n\ndata: 2\n\n', [message('1', 'a'), message('2')]],
  ['trap 2, Q2, F67: CRLF ends lines', 'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n', [message('1', 'a'), message('2')]],
  ['trap 2, F67: CR ends lines', 'event: a\rdata: 1\r\rdata: 2\r\r', [message('1', 'a'), message('2')]],
  ['F67 line ends may be mixed', 'event: a\rdata: 1\r\n\ndata: 2\n\r', [message('1', 'a'), message('2')]],
  ['LF and CR in this order are two line ends', 'data: 1\n\rdata: 2', [message('1'), message('2')]],
  ['trap 3, F67: the space after the colon may be missing', 'data:{"a":1}\n\n', [message('{"a":1}')]],
  ['trap 3: only one space is taken away', 'data:  x \n\n', [message(' x ')]],
  ['a tab after the colon belongs to the data', 'data:\tx\n\n', [message('\tx')]],
  ['several data lines are joined by LF', 'data: YHOO\ndata: +2\ndata: 10\n\n', [message('YHOO\n+2\n10')]],
  ['data lines stay together around other fields', 'data: 1\nid: 7\ndata: 2\nevent: b\n\n', [message('1\n2', 'b')]],
  ['the last name of an event counts', 'event: a\nevent: b\ndata: 1\n\n', [message('1', 'b')]],
  ['a name without value takes the name away', 'event: a\nevent\ndata: 1\n\n', [message('1')]],
  ['a name holds for one event only', 'event: a\ndata: 1\n\ndata: 2\n\n', [message('1', 'a'), message('2')]],
  ['an event without data is none, and its name is forgotten', 'event: a\n\ndata: 1\n\n', [message('1')]],
  ['trap 18: empty data is data', 'data:\n\ndata: \n\n', [message(''), message('')]],
  [
    'a line with nothing but "data" is empty data',
    'data\n\ndata\ndata\n\ndata:',
    [message(''), message('\n'), message('')],
  ],
  [
    'trap 4, Q1, F67: comments are ignored, before, between and inside events',
    ': OPENROUTER PROCESSING\n\n:\nevent: a\n: ping - now\ndata: 1\n\n: data: no\n\ndata: 2\n\n',
    [message('1', 'a'), message('2')],
  ],
  ['F67 id and retry are ignored', 'id: 1\nretry: 5\ndata: x\n\nid\nretry\n\n', [message('x')]],
  ['unknown fields are ignored', 'datum: 1\n data: 2\nDATA: 3\ndata : 4\ndata: 5\n\n', [message('5')]],
  ['a colon in the data stays', 'data: a: b\n\n', [message('a: b')]],
  ['F67 a byte order mark at the start is ignored', '\ufeffdata: 1\n\n', [message('1')]],
  ['a byte order mark before a blank line is ignored', '\ufeff\ndata: 1\n\n', [message('1')]],
  ['a byte order mark elsewhere is text', 'data: \ufeff1\n\n\ufeffdata: 2\n\n', [message('\ufeff1')]],
  ['a second byte order mark is text', '\ufeff\ufeffdata: 1\n\ndata: 2\n\n', [message('2')]],
  ['blank lines between events are nothing', '\n\n\r\n\rdata: 1\n\n\n\n\ndata: 2\n\n\n', [message('1'), message('2')]],
  ['trap 19, F67: the last event counts without its blank line', 'data: 1\n\ndata: 2\n', [message('1'), message('2')]],
  ['trap 19: the last line counts without its end', 'data: 1\n\nevent: b\ndata: 2', [message('1'), message('2', 'b')]],
  ['trap 19: a name alone at the end is no event', 'data: 1\n\nevent: b\n', [message('1')]],
  [
    'line separators of Unicode end no line',
    'data: a\u2028b\u2029c\u0085d\x0be\n\n',
    [message('a\u2028b\u2029c\u0085d\x0be')],
  ],
  ['NUL is text', 'data: a\0b\n\n', [message('a\0b')]],
  [
    'Q40 a line "error:" is an event of its own',
    'data: {"n":1}\n\nerror: {"error":"full"}\n\n',
    [message('{"n":1}'), message('{"error":"full"}', 'error')],
  ],
  [
    'Q40 such a line ends the event before it',
    'data: 1\nerror: 2\ndata: 3\n\n',
    [message('1'), message('2', 'error'), message('3')],
  ],
]

describe('SSE decoder', () => {
  for (const [title, stream, events] of ROWS) {
    it(title, () => {
      expect(decode(stream)).to.deep.equal(events)
      const bytes = new TextEncoder().encode(stream)
      expect(decode(...cutEvery(bytes, 1)), 'byte by byte').to.deep.equal(events)
      for (let at = 0; at <= bytes.length; at++) {
        expect(decode(...cutAt(bytes, [at])), `cut at ${at}`).to.deep.equal(events)
      }
    })
  }

  it('trap 2, Q2: CR and LF in two chunks are one line end', () => {
    expect(decode('data: 1\r', '\ndata: 2\r', '\n', '\r', '\n', 'data: 3\r', '', '\ndata: 4\r')).to.deep.equal([
      message('1\n2'),
      message('3\n4'),
    ])
  })

  it('hands out an event as soon as its blank line is read, and does not wait for an LF after a CR', () => {
    const events: SseEvent[] = []
    const decoder = createSseDecoder((event) => events.push(event))
    decoder.push(new TextEncoder().encode('data: 1\n'))
    expect(events).to.deep.equal([])
    decoder.push(new TextEncoder().encode('\ndata: 2\r\r'))
    expect(events).to.deep.equal([message('1'), message('2')])
  })

  it('keeps nothing of a chunk whose memory is used again', () => {
    const events: SseEvent[] = []
    const decoder = createSseDecoder((event) => events.push(event))
    const memory = new Uint8Array(8)
    for (const piece of ['data: 12', '34567890', 'abcdef\n\n']) {
      memory.set(new TextEncoder().encode(piece))
      decoder.push(memory)
    }
    expect(events).to.deep.equal([message('1234567890abcdef')])
  })

  it('reads the part of a larger buffer that it is given, as Buffer and as Uint8Array', () => {
    const whole = Buffer.from('data: no\n\ndata: yes\n\ndata: no\n\n')
    expect(decode(whole.subarray(10, 21))).to.deep.equal([message('yes')])
    expect(decode(new Uint8Array(whole.buffer, whole.byteOffset + 10, 11))).to.deep.equal([message('yes')])
  })
})

describe('SSE decoder, with any stream', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom(...'aé漢😀\ufeff: \t'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
  })
  const oneLine = text.map((line) => line.replaceAll(/[\r\n]/g, ''))
  const line = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.constantFrom('data: ', 'data:', 'data:  '), oneLine).map((parts) => parts.join('')),
    },
    { weight: 2, arbitrary: oneLine.map((name) => `event: ${name}`) },
    { weight: 2, arbitrary: oneLine.map((comment) => `:${comment}`) },
    { weight: 4, arbitrary: fc.constant('') },
    fc.constantFrom('data', 'event', 'id: 1', 'retry: 100', 'other: x', 'data : x'),
  )
  const stream = fc
    .tuple(
      fc.constantFrom('', '\ufeff'),
      fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 }),
      line,
    )
    .map(([mark, lines, last]) => new TextEncoder().encode(mark + lines.flat().join('') + last))

  it('traps 1, 2, 3, 4, 19, F67: gives the events that the standard says', () => {
    fc.assert(
      fc.property(stream, (bytes) => void expect(decode(bytes)).to.deep.equal(interpret(bytes))),
      { numRuns: 500 },
    )
  })

  it('trap 1, F68: gives the same events wherever the bytes are cut', () => {
    const property = fc.property(stream, fc.array(fc.nat(), { maxLength: 20 }), (bytes, offsets) => {
      const events = interpret(bytes)
      expect(decode(...cutAt(bytes, offsets))).to.deep.equal(events)
      expect(decode(...cutEvery(bytes, 1)), 'byte by byte').to.deep.equal(events)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('trap 1, F68: gives the same events cut at each single byte', () => {
    const property = fc.property(stream, (bytes) => {
      const events = interpret(bytes)
      for (let at = 0; at <= bytes.length; at++) expect(decode(...cutAt(bytes, [at]))).to.deep.equal(events)
    })
    fc.assert(property, { numRuns: 30 })
  })

  it('F68: gives U+FFFD where the bytes are no UTF-8 and only there, wherever they are cut', () => {
    const bytes = fc
      .array(
        fc.oneof(
          stream,
          fc.uint8Array({ maxLength: 6 }),
          fc.constantFrom(Buffer.from('data:'), Buffer.from([0xe6, 0xbc])),
        ),
      )
      .map((parts) => new Uint8Array(Buffer.concat([Buffer.from('data: '), ...parts])))
      .filter((all) => !/(^|[\r\n])error(:|[\r\n]|$)/.test(Buffer.from(all).toString('latin1')))
    const property = fc.property(bytes, fc.array(fc.nat(), { maxLength: 10 }), (all, offsets) => {
      const events = interpret(all)
      expect(decode(all)).to.deep.equal(events)
      expect(decode(...cutAt(all, offsets))).to.deep.equal(events)
      expect(decode(...cutEvery(all, 1)), 'byte by byte').to.deep.equal(events)
    })
    fc.assert(property, { numRuns: 300 })
  })
})

describe('SSE decoder, with large events', () => {
  const MEGABYTE = 1024 * 1024

  it('trap 17, F66: passes a line of 20 MB in chunks of 4 KB, in linear time', () => {
    const payload = 'aé漢😀'.repeat(2 * MEGABYTE)
    const bytes = new TextEncoder().encode(`data: ${payload}\n\ndata: next\n\n`)
    expect(bytes.length).to.be.greaterThan(20_000_000)
    const events = decode(...cutEvery(bytes, 4096))
    expect(events.length).to.equal(2)
    expect(events[0]?.data === payload).to.equal(true)
    expect(events[1]).to.deep.equal(message('next'))
  })

  it('trap 17, F68: passes a line of 3 MB byte by byte, in linear time', () => {
    const bytes = Buffer.from(`data: ${'x'.repeat(3 * MEGABYTE)}\n\n`)
    let received = 0
    const decoder = createSseDecoder(({ data }) => {
      received += data.length
    })
    for (let at = 0; at < bytes.length; at++) decoder.push(bytes.subarray(at, at + 1))
    decoder.end()
    expect(received).to.equal(3 * MEGABYTE)
  })

  it('trap 17: passes an event of half a million data lines, in linear time', () => {
    const lines = Array.from({ length: 500_000 }, (_, index) => `${index}`)
    const [event] = decode(...cutEvery(Buffer.from(encodeSse(lines.join('\n'))), 1000))
    expect(event?.data === lines.join('\n')).to.equal(true)
  })

  it('F66 stops a line that outgrows the limit', () => {
    const decoder = createSseDecoder(() => {}, 100)
    decoder.push(Buffer.from(`data: ${'x'.repeat(90)}`))
    expect(() => decoder.push(Buffer.from('xxxxx'))).to.throw(FrameTooLong, '100 bytes')
  })

  it('F66 stops an event whose data lines outgrow the limit', () => {
    const decoder = createSseDecoder(() => {}, 100)
    const push = () => decoder.push(Buffer.from('data: 1234567890\n'))
    for (let count = 0; count < 9; count++) push()
    expect(push).to.throw(FrameTooLong)
  })

  it('F66 has no limit for all events of a stream together', () => {
    let count = 0
    const decoder = createSseDecoder(() => count++, 100)
    for (let index = 0; index < 1000; index++)
      decoder.push(Buffer.from('data: 1234567890\n\nda'.slice(index === 0 ? 0 : 2)))
    expect(count).to.equal(1000)
  })
})

describe('SSE encoder', () => {
  it('writes a line of data and the blank line', () => {
    expect(encodeSse('{"a":1}')).to.equal('data: {"a":1}\n\n')
  })

  it('writes the name of the event first', () => {
    expect(encodeSse('{}', 'ping')).to.equal('event: ping\ndata: {}\n\n')
  })

  it('writes one data line per line of the data', () => {
    expect(encodeSse('a\nb\r\nc\rd\n')).to.equal('data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n')
  })

  it('is read back as it was written, with LF for every line end', () => {
    const property = fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'a_b'))),
      (written) => {
        const read = decode(written.map(([data, event]) => encodeSse(data, event)).join(''))
        expect(read).to.deep.equal(written.map(([data, event]) => message(data.replaceAll(/\r\n?/g, '\n'), event)))
      },
    )
    fc.assert(property)
  })
})
