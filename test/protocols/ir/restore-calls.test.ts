import { expect } from 'chai'
import fc from 'fast-check'
import type { CalledTools } from '../../../protocols/ir/called-tools.ts'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { playResponse } from '../../../protocols/ir/play.ts'
import { createCallRestorer, restoreCalls } from '../../../protocols/ir/restore-calls.ts'
import { checkLegal } from '../../support/check-legal.ts'

const CALLED: CalledTools = new Map([
  ['apply_patch', { name: 'apply_patch', freeform: true }],
  ['fs_u2e_read', { name: 'fs.read' }],
  ['look', { name: 'look', namespace: 'eyes' }],
])
const call = (name: string, args: string): Part => ({ type: 'tool-call', id: 'c', name, arguments: args })

describe('calls of tools that the back end knows otherwise', () => {
  it('trap 46, lesson 51: the call comes back as the raw text that the model wrote', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const [part] = restoreCalls([call('apply_patch', JSON.stringify({ input: text }))], CALLED)
        expect(part).to.deep.equal({ ...call('apply_patch', text), freeform: true })
      }),
    )
  })

  it('calls of other tools, and such that came raw already, are left alone', () => {
    const read = call('read', '{"input":"x"}')
    const raw: Part = { type: 'tool-call', id: 'c', name: 'apply_patch', arguments: '{"input":"x"}', freeform: true }
    expect(restoreCalls([read, raw], CALLED)).to.deep.equal([read, raw])
  })

  it('traps 47, 52: names and groups are those of the client', () => {
    const parts = [call('fs_u2e_read', '{}'), call('look', '{}'), call('fs.read', '{}')]
    expect(restoreCalls(parts, CALLED)).to.deep.equal([
      call('fs.read', '{}'),
      { ...call('look', '{}'), namespace: 'eyes' },
      call('fs.read', '{}'),
    ])
  })

  it('a tool of the same name in another group is another tool', () => {
    const other: Part = { type: 'tool-call', id: 'c', name: 'apply_patch', arguments: '{"input":"x"}', namespace: 'n' }
    expect(restoreCalls([other], CALLED)).to.deep.equal([other])
  })

  it('what the model did not wrap is the text itself', () => {
    for (const args of ['*** Begin Patch', '{"input":1}', '{"input":"a","more":"b"}', '[1]']) {
      expect(restoreCalls([call('apply_patch', args)], CALLED)[0]).to.include({ arguments: args, freeform: true })
    }
    expect(restoreCalls([call('apply_patch', '"bare"')], CALLED)[0]).to.include({ arguments: 'bare' })
  })

  it('trap 64: the stream says the same as the whole answer, and stays legal', () => {
    const parts = [
      { type: 'text', text: 'see' } as const,
      call('apply_patch', '{"input":"line 1\\nline 2"}'),
      call('read', '{"path":"a"}'),
      call('fs_u2e_read', '{"path":"a"}'),
      call('look', '{}'),
    ]
    const choice = { index: 0, parts, finish: { reason: 'tool-calls' as const } }
    const events: StreamEvent[] = []
    const unwrap = createCallRestorer(CALLED, (event) => events.push(event))
    playResponse({ id: 'i', model: 'm', choices: [choice] }, (event) => {
      // As a back end would send it: in pieces.
      const args = event.type === 'part-delta' ? event.delta.arguments : undefined
      if (event.type !== 'part-delta' || args === undefined) return unwrap(event)
      for (const piece of args) unwrap({ ...event, delta: { arguments: piece } })
    })
    checkLegal(events)
    const collector = createCollector()
    for (const event of events) collector.push(event)
    const result = collector.result
    expect(result !== undefined && 'response' in result && result.response.choices[0]?.parts).to.deep.equal(
      restoreCalls(parts, CALLED),
    )
  })
})
