import { expect } from 'chai'
import fc from 'fast-check'
import type { StreamEvent } from '../../../../protocols/ir/event.ts'
import { breakMarkers, createMender, mendMarkers } from '../../../../src/compat/teach/guard-text.ts'
import { mendEvents } from '../../../../src/compat/teach/mend-events.ts'

const MARKERS = [
  '<tool_call>',
  '</tool_call>',
  '<TOOL_CALL >',
  '<function=f>',
  '</function>',
  '<parameter=x>',
  '<invoke name="f">',
  '<invoke name="f">',
  '<minimax:tool_call>',
  '<seed:tool_call>',
  '<cs:tool_use>',
  '<cs:tool_result id="1">',
  '<tool_response id="x">',
  '<function_results>',
  '<arg_key>',
  '<|im_start|>',
  '<|channel|>',
  '<｜tool▁calls▁begin｜>',
  '<start_function_call>',
  '[TOOL_CALLS]',
  '[/INST]',
  '[ARGS]',
  '```tool_call',
  '```tool_result',
  '</s>',
  '<think>',
]

/** Texts full of pieces of markers, breaks and everything else. */
const nastyText = fc
  .array(fc.oneof(fc.constantFrom(...MARKERS, '\u2060', '<', '[', '`', '</', 'tool_call', '\ud83d'), fc.string()), {
    maxLength: 12,
  })
  .map((pieces) => pieces.join(''))

describe('compat/teach/guard-text', () => {
  for (const marker of MARKERS) {
    it(`F17: ${marker} is none any more, and is itself again when it comes back`, () => {
      const broken = breakMarkers(`a ${marker} b`)
      expect(broken).not.to.contain(marker)
      expect(mendMarkers(broken)).to.equal(`a ${marker} b`)
    })
  }

  for (const text of [
    'a < b && c > d',
    '#include <functional>',
    'Result<String, Vec<u8>>',
    '[TODO] [x]',
    '```ts\nconst a = `b`\n```',
    '<toolbar> <inputs> <paragraph>',
    '<system-reminder>Be brief.</system-reminder> <think-aloud> <tool_call-like>',
    'zero\u200dwidth and \u2060 alone',
  ]) {
    it(`leaves ${JSON.stringify(text)} as it is`, () => {
      expect(breakMarkers(text)).to.equal(text)
      expect(mendMarkers(text)).to.equal(text)
    })
  }

  it('gives back every text, also one that has such breaks by itself', () => {
    fc.assert(
      fc.property(nastyText, (text) => {
        expect(mendMarkers(breakMarkers(text))).to.equal(text)
      }),
    )
  })

  it('mends a marker with a break of its own right behind it, one unit at a time', () => {
    const text = '[TOOL_CALLS]\u2060, and so much more that the marker is long gone'
    const mender = createMender()
    const pieces = [...breakMarkers(text)].map((unit) => mender.push(unit))
    expect(pieces.join('') + mender.end()).to.equal(text)
  })

  it('mends pieces, cut anywhere, as it mends the whole', () => {
    fc.assert(
      fc.property(nastyText, fc.array(fc.nat({ max: 30 })), (text, lengths) => {
        const broken = breakMarkers(text)
        const mender = createMender()
        let out = ''
        let at = 0
        for (const length of lengths) {
          out += mender.push(broken.slice(at, at + length))
          at += length
        }
        out += mender.push(broken.slice(at)) + mender.end()
        expect(out).to.equal(mendMarkers(broken))
      }),
    )
  })

  it('holds back nothing of a text without breaks but a first character at its end', () => {
    const mender = createMender()
    expect(mender.push('plain text, a < b and ')).to.equal('plain text, a < b and ')
    expect(mender.push('more <')).to.equal('more ')
    expect(mender.push('p>')).to.equal('<p>')
    expect(mender.end()).to.equal('')
  })
})

describe('compat/teach/mend-events', () => {
  it('mends texts and arguments each by itself, and lets everything else pass', () => {
    const heard: StreamEvent[] = []
    const take = mendEvents((event) => heard.push(event))
    const delta = (part: number, member: 'text' | 'arguments', piece: string): StreamEvent => ({
      type: 'part-delta',
      part,
      choice: 0,
      delta: { [member]: piece },
    })
    const head = { type: 'tool-call', id: 'a', name: 'f' } as const
    const [first, second] = [breakMarkers('<tool_call>').slice(0, 2), breakMarkers('<tool_call>').slice(2)]
    take({ type: 'start' })
    take({ type: 'part-start', part: 0, choice: 0, head: { type: 'text' } })
    take(delta(0, 'text', `see ${first}`))
    take({ type: 'part-start', part: 1, choice: 0, head })
    take(delta(1, 'arguments', `{"a":"${first}`))
    take(delta(1, 'arguments', `${second}"}`))
    take(delta(0, 'text', second))
    take({ type: 'part-delta', part: 1, choice: 0, delta: { name: 'g' } })
    take({ type: 'part-end', part: 0, choice: 0 })
    take({ type: 'finish', finishes: [] })
    const texts = (part: number, member: 'text' | 'arguments') =>
      heard
        .map((event) => (event.type === 'part-delta' && event.part === part ? (event.delta[member] ?? '') : ''))
        .join('')
    expect(texts(0, 'text')).to.equal('see <tool_call>')
    expect(texts(1, 'arguments')).to.equal('{"a":"<tool_call>"}')
    expect(heard.filter((event) => event.type === 'part-delta' && event.delta.name === 'g')).to.have.length(1)
    expect(heard.at(-1)?.type).to.equal('finish')
    const end = heard.findIndex((event) => event.type === 'part-end')
    expect(heard.slice(end).some((event) => event.type === 'part-delta' && event.part === 0)).to.equal(false)
  })
})
