import { expect } from 'chai'
import fc from 'fast-check'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { createUnwrapper, listFreeform, unwrapParts } from '../../../protocols/ir/freeform.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { playResponse } from '../../../protocols/ir/play.ts'
import { checkLegal } from '../../support/check-legal.ts'

const FREEFORM = listFreeform([
  { type: 'freeform', name: 'apply_patch' },
  { type: 'function', name: 'read' },
])
const call = (name: string, args: string): Part => ({ type: 'tool-call', id: 'c', name, arguments: args })

describe('freeform tools over back ends that take JSON only', () => {
  it('trap 46, lesson 51: the call comes back as the raw text that the model wrote', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const [part] = unwrapParts([call('apply_patch', JSON.stringify({ input: text }))], FREEFORM)
        expect(part).to.deep.equal({ ...call('apply_patch', text), freeform: true })
      }),
    )
  })

  it('calls of other tools, and such that came raw already, are left alone', () => {
    const read = call('read', '{"input":"x"}')
    const raw: Part = { type: 'tool-call', id: 'c', name: 'apply_patch', arguments: '{"input":"x"}', freeform: true }
    expect(unwrapParts([read, raw], FREEFORM)).to.deep.equal([read, raw])
  })

  it('what the model did not wrap is the text itself', () => {
    for (const args of ['*** Begin Patch', '{"input":1}', '{"input":"a","more":"b"}', '[1]']) {
      expect(unwrapParts([call('apply_patch', args)], FREEFORM)[0]).to.include({ arguments: args, freeform: true })
    }
    expect(unwrapParts([call('apply_patch', '"bare"')], FREEFORM)[0]).to.include({ arguments: 'bare' })
  })

  it('trap 64: the stream says the same as the whole answer, and stays legal', () => {
    const parts = [
      { type: 'text', text: 'see' } as const,
      call('apply_patch', '{"input":"line 1\\nline 2"}'),
      call('read', '{"path":"a"}'),
    ]
    const choice = { index: 0, parts, finish: { reason: 'tool-calls' as const } }
    const events: StreamEvent[] = []
    const unwrap = createUnwrapper(FREEFORM, (event) => events.push(event))
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
      unwrapParts(parts, FREEFORM),
    )
  })
})
