import { expect } from 'chai'
import fc from 'fast-check'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import { decodeWith, encodeMessages, sendOn, sketchLosses } from './exchange.ts'
import { call, RESULT, result, system, TEXT, text, USE, user } from './messages.ts'

describe('anthropic: turns', () => {
  describe('of a client of this protocol', () => {
    const AS_IT_IS: readonly (readonly [title: string, messages: readonly object[]])[] = [
      [
        'two user turns in a row',
        [
          { role: 'user', content: 'a' },
          { role: 'user', content: 'b' },
        ],
      ],
      ['words before a result', [{ role: 'user', content: [TEXT('a'), RESULT('c1')] }]],
      [
        'a call without a result',
        [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [USE('c1')] },
        ],
      ],
      ['a result without a call', [{ role: 'user', content: [RESULT('gone')] }]],
      ['an empty text', [{ role: 'user', content: [TEXT('')] }]],
      [
        'no blocks at all',
        [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [] },
        ],
      ],
      [
        'an id outside the alphabet',
        [
          { role: 'assistant', content: [USE('a:b')] },
          { role: 'user', content: [RESULT('a:b')] },
        ],
      ],
      [
        'K15: system text at the end',
        [
          { role: 'user', content: 'a' },
          { role: 'system', content: 'b' },
        ],
      ],
      [
        'a failed tool that said nothing',
        [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', is_error: true }] }],
      ],
    ]
    for (const [title, messages] of AS_IT_IS) {
      it(`${title} goes as it came`, () => {
        const { body, losses } = sendOn({ messages })
        expect(body.messages).to.deep.equal(messages)
        expect(losses).to.deep.equal([])
      })
    }

    it('a message that the gateway adds is joined to its neighbour, and results stay first', () => {
      const request = decodeWith({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [USE('c1')] },
          { role: 'user', content: [RESULT('c1')] },
        ],
      })
      const { body } = anthropic.request.encode(
        { ...request, messages: [...request.messages, user(text('be brief'))] },
        {},
      )
      expect((body.messages as object[])[2]).to.deep.equal({ role: 'user', content: [RESULT('c1'), TEXT('be brief')] })
    })
    it('system text that the gateway adds is joined to its own', () => {
      const request = decodeWith({ system: 'a' })
      const { body } = anthropic.request.encode({ ...request, messages: [system('first'), ...request.messages] }, {})
      expect(body.system).to.deep.equal([TEXT('first'), TEXT('a')])
    })
    it('K19, trap 88: thinking without a proof is left out', () => {
      const { body, losses } = sendOn({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: '' }, TEXT('b')] },
        ],
      })
      expect(body.messages[1].content).to.deep.equal([TEXT('b')])
      expect(sketchLosses(losses)).to.deep.equal(['messages.1.parts.0: dropped'])
    })
    it('a turn of nothing but such thinking is left out whole', () => {
      const { body } = sendOn({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature: '' }] },
          { role: 'user', content: 'b' },
        ],
      })
      expect(body.messages.map((one: { content: string }) => one.content)).to.deep.equal(['a', 'b'])
    })
  })

  it('whatever a foreign conversation is, the turns alternate and each call has one result in the next turn', () => {
    const id = fc.constantFrom('a', 'b', 'c:d')
    const part = fc.oneof(
      fc.string().map(text),
      id.map((one) => call(one)),
      id.map((one) => result(one)),
    )
    const message = fc.record({
      role: fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool') as fc.Arbitrary<Message['role']>,
      parts: fc.array(part, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        // Each kind of part stands where it can: calls with the assistant, results with the others.
        const sane = messages.map((one) => ({
          ...one,
          parts: one.parts.filter((p) => p.type === 'text' || (p.type === 'tool-call') === (one.role === 'assistant')),
        }))
        checkTurns(encodeMessages(sane).messages)
      }),
      { numRuns: 300 },
    )
  })
})

/** The rules of the API, written down a second time. */
function checkTurns(turns: readonly any[]): void {
  const used = new Set<string>()
  expect(turns[0]?.role).to.equal('user')
  for (const [index, turn] of turns.entries()) {
    const blocks: any[] = typeof turn.content === 'string' ? [TEXT(turn.content)] : turn.content
    expect(blocks.length, 'a turn has content').to.be.greaterThan(0)
    expect(turn.role).to.not.equal(turns[index - 1]?.role)
    for (const block of blocks) if (block.type === 'text') expect(block.text.trim()).to.not.equal('')
    const calls = blocks.filter((block) => block.type === 'tool_use').map((block) => block.id)
    for (const id of calls) {
      expect(id).to.match(/^[a-zA-Z0-9_-]+$/)
      expect(used.has(id)).to.equal(false)
      used.add(id)
    }
    const next = turns[index + 1]?.content
    const results = Array.isArray(next) ? next.filter((block: any) => block.type === 'tool_result') : []
    if (turn.role === 'assistant') {
      expect(results.map((block: any) => block.tool_use_id).sort()).to.deep.equal([...calls].sort())
    }
    const firstOther = blocks.findIndex((block) => block.type !== 'tool_result')
    const isOrdered = firstOther < 0 || blocks.slice(firstOther).every((block) => block.type !== 'tool_result')
    expect(isOrdered, 'results come first').to.equal(true)
  }
}
