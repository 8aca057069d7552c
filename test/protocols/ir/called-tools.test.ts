import { expect } from 'chai'
import fc from 'fast-check'
import { callTools } from '../../../protocols/ir/called-tools.ts'
import { listLosses } from '../../../protocols/ir/loss.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import { restoreCalls } from '../../../protocols/ir/restore-calls.ts'
import type { Tool } from '../../../protocols/ir/tool.ts'
import { NARROW_NAMES } from '../../../protocols/ir/tool-name.ts'

const call = (name: string, members: Partial<Extract<Part, { type: 'tool-call' }>> = {}): Part => ({
  type: 'tool-call',
  id: 'c',
  name,
  arguments: '{}',
  ...members,
})
const request = (members: Partial<ChatRequest>): ChatRequest => ({
  model: 'm',
  messages: [],
  settings: {},
  stream: false,
  ...members,
})
const callWith = (asked: ChatRequest, rules: Partial<Parameters<typeof callTools>[1]> = {}) => {
  const { losses, report } = listLosses()
  return { ...callTools(asked, { names: NARROW_NAMES, ...rules }, report), losses }
}
const functions = (...names: string[]): Tool[] => names.map((name) => ({ type: 'function', name }))

describe('tools as a back end calls them', () => {
  it('a request whose names all fit is the very same', () => {
    const asked = request({ tools: functions('a', 'b-c_D9'), messages: [{ role: 'assistant', parts: [call('a')] }] })
    expect(callWith(asked).request).to.equal(asked)
    expect(callWith(asked).called.size).to.equal(0)
  })

  it('trap 51, trap 52: tool, choice, history and result are called alike, and the call in the answer as at first', () => {
    const name = `mcp.server/${'x'.repeat(80)}`
    const result: Part = { type: 'tool-result', callId: 'c', name, content: [] }
    const asked = request({
      tools: functions(name, 'other'),
      toolChoice: { type: 'allowed', mode: 'auto', names: [name, 'other'] },
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', parts: [call(name)] },
        { role: 'tool', parts: [result] },
      ],
    })
    const { request: sent, called, losses } = callWith(asked)
    const written = sent.tools?.[0]?.name ?? ''
    expect(written).to.match(/^[a-zA-Z0-9_-]{1,64}$/)
    expect(sent.tools?.[1]?.name).to.equal('other')
    expect(sent.toolChoice).to.deep.include({ names: [written, 'other'] })
    expect(sent.messages[0]).to.equal(asked.messages[0])
    expect(sent.messages[1]?.parts[0]).to.include({ name: written })
    expect(sent.messages[2]?.parts[0]).to.include({ name: written })
    expect(restoreCalls([call(written), call('other')], called)).to.deep.equal([call(name), call('other')])
    expect(losses, 'nobody misses a name that comes back').to.deep.equal([])
    expect(callWith({ ...asked, toolChoice: { type: 'tool', name } }).request.toolChoice).to.include({ name: written })
  })

  it('trap 51: whatever the names are, no two tools share one, and each comes back', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 90 }),
      fc.constantFrom('a.b', 'a_u2e_b', 'a/b', 'a_u2f_b', 'x'.repeat(64), `${'x'.repeat(64)}y`, `${'x'.repeat(64)}z`),
    )
    fc.assert(
      fc.property(fc.uniqueArray(odd, { maxLength: 8 }), (names) => {
        const { request: sent, called } = callWith(request({ tools: functions(...names) }))
        const written = (sent.tools ?? []).map((tool) => tool.name)
        expect(new Set(written)).to.have.length(names.length)
        for (const one of written) expect(one).to.match(/^[a-zA-Z0-9_-]{0,64}$/)
        expect(
          restoreCalls(
            written.map((one) => call(one)),
            called,
          ),
        ).to.deep.equal(names.map((one) => call(one)))
      }),
    )
  })

  it('a name of the history that nobody declares any more is called alike', () => {
    const asked = request({ messages: [{ role: 'assistant', parts: [call('a.b')] }] })
    const { request: sent, called } = callWith(asked)
    expect(sent.messages[0]?.parts[0]).to.include({ name: 'a_u2e_b' })
    expect(called.get('a_u2e_b')).to.deep.equal({ name: 'a.b' })
  })

  it('a conversation that goes on calls its tools as before', () => {
    const turn = { role: 'assistant', parts: [call('a.b')] } as const
    const before = callWith(request({ tools: functions('a.b', 'c/d'), messages: [turn] })).request
    const after = callWith(request({ tools: functions('a.b', 'c/d', 'e.f'), messages: [turn, turn] })).request
    expect(after.tools?.slice(0, 2)).to.deep.equal(before.tools)
    expect(after.messages[0]).to.deep.equal(before.messages[0])
  })

  it('what a client of the protocol itself wrote stays', () => {
    const asked = request({ tools: functions('a.b', 'c.d') })
    const { request: sent } = callWith(asked, { keeps: (name) => name === 'a.b' })
    expect(sent.tools?.map((tool) => tool.name)).to.deep.equal(['a.b', 'c_u2e_d'])
  })

  it('trap 47: groups are taken apart where there are none, and told at the tool once', () => {
    const asked = request({
      tools: [{ type: 'function', name: 'look', namespace: 'eyes' }],
      messages: [
        { role: 'assistant', parts: [call('look', { namespace: 'eyes' }), call('gone', { namespace: 'ears' })] },
      ],
    })
    const { request: sent, called, losses } = callWith(asked)
    expect(sent.tools).to.deep.equal(functions('look'))
    expect(sent.messages[0]?.parts).to.deep.equal([call('look'), call('gone')])
    expect(restoreCalls([call('look')], called)).to.deep.equal([call('look', { namespace: 'eyes' })])
    expect(losses.map(({ path, effect }) => `${path}: ${effect}`)).to.deep.equal([
      'tools.0.namespace: changed',
      'messages.0.parts.1.namespace: dropped',
    ])
    expect(callWith(asked, { groups: true }).request).to.equal(asked)
  })
})
