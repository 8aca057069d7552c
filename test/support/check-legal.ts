/** The rules of the stream grammar, written down a second time as an oracle for tests. */
import { expect } from 'chai'
import type { StreamEvent } from '../../protocols/ir/event.ts'

/** Fails unless these events are what an encoder may rely on. */
export function checkLegal(events: readonly StreamEvent[]): void {
  const types = events.map((event) => event.type)
  const last = events.at(-1)
  expect(last?.type, 'the last event').to.be.oneOf(['finish', 'error'])
  expect(types.filter((type) => type === 'finish' || type === 'error')).to.have.length(1)
  if (last?.type === 'error' && events.length === 1) return
  expect(types[0]).to.equal('start')
  expect(types.filter((type) => type === 'start')).to.have.length(1)
  const usageAt = types.indexOf('usage')
  if (usageAt >= 0) expect(usageAt, 'usage is the last but one').to.equal(events.length - 2)
  checkParts(events, last)
}

function checkParts(events: readonly StreamEvent[], last: StreamEvent | undefined): void {
  const open = new Map<number, { part: number; args: string; isCall: boolean }>()
  const next = new Map<number, number>()
  const mayBeCut =
    last?.type === 'error' || (last?.type === 'finish' && last.finishes.some((f) => f.reason === 'length'))
  for (const event of events) {
    if (event.type === 'part-start') {
      expect(open.has(event.choice), 'one open part').to.equal(false)
      expect(event.part).to.equal(next.get(event.choice) ?? 0)
      next.set(event.choice, event.part + 1)
      const isCall = event.head.type === 'tool-call' && event.head.freeform !== true
      if (event.head.type === 'tool-call') {
        expect(event.head.id).to.not.equal('')
        expect(event.head.name).to.not.equal('')
      }
      open.set(event.choice, { part: event.part, args: '', isCall })
    } else if (event.type === 'part-delta') {
      const part = open.get(event.choice)
      expect(part?.part).to.equal(event.part)
      if (part !== undefined) part.args += event.delta.arguments ?? ''
    } else if (event.type === 'part-end') {
      const part = open.get(event.choice)
      expect(part?.part).to.equal(event.part)
      if (part?.isCall && !mayBeCut) expect(part.args.trim()).to.not.equal('')
      open.delete(event.choice)
    }
  }
  expect(open.size, 'parts left open').to.equal(0)
}
