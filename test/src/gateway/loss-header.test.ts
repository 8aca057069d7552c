import { expect } from 'chai'
import { formatLossHeader } from '../../../src/gateway/loss-header.ts'

describe('loss header', () => {
  it('is absent when nothing was lost', () => {
    expect(formatLossHeader([])).to.equal(undefined)
  })

  it('names each path once with what happened to it', () => {
    const loss = { path: 'settings.seed', reason: 'unknown there', effect: 'dropped' } as const
    const changed = { path: 'settings.temperature', reason: 'lowered', effect: 'changed' } as const
    expect(formatLossHeader([loss, changed, loss])).to.equal('settings.seed=dropped, settings.temperature=changed')
  })

  it('trap 28: stays within ASCII whatever a path holds', () => {
    const header = formatLossHeader([{ path: 'extra.größe\n€', reason: '', effect: 'dropped' }])
    expect(header).to.match(/^[\x21-\x7e]+$/)
  })

  it('counts what does not fit', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      path: `messages.${index}.parts.0`,
      reason: '',
      effect: 'dropped' as const,
    }))
    const header = formatLossHeader(many) ?? ''
    expect(header.length).to.be.below(2100)
    const left = Number(/\+(\d+) more$/.exec(header)?.[1])
    expect(left + header.split(', ').length - 1).to.equal(500)
  })
})
