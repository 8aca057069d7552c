import { expect } from 'chai'
import { createCallGate } from '../../../../src/mcp/upstream/call-gate.ts'
import { startCallTimer, timesOf } from '../../../../src/mcp/upstream/call-timer.ts'
import { createStartBreaker } from '../../../../src/mcp/upstream/start-breaker.ts'
import { UPSTREAM_LIMITS } from '../../../../src/mcp/upstream/upstream-limits.ts'
import { ManualClock } from '../../../support/mcp-upstream/manual-clock.ts'

describe('startCallTimer', () => {
  function start(idleMs: number, totalMs: number, isWaiting = () => false) {
    const clock = new ManualClock()
    const late: string[] = []
    const timer = startCallTimer(clock, { idleMs, totalMs }, isWaiting, (limitMs, wasIdle) =>
      late.push(`${limitMs} ${wasIdle ? 'idle' : 'total'}`),
    )
    return { clock, late, timer }
  }

  it('M86 fires once after the silence', () => {
    const { clock, late } = start(60, 1000)
    clock.pass(59)
    expect(late).to.deep.equal([])
    clock.pass(5000)
    expect(late).to.deep.equal(['60 idle'])
  })

  it('M52 is renewed by progress, up to a maximum that nothing renews', () => {
    const { clock, late, timer } = start(60, 200)
    for (let step = 0; step < 4; step += 1) {
      clock.pass(45)
      timer.renew()
    }
    expect(late).to.deep.equal([])
    clock.pass(25)
    expect(late).to.deep.equal(['200 total'])
  })

  it('M56 silence does not count while the server waits for its client', () => {
    let isWaiting = true
    const { clock, late } = start(60, 10_000, () => isWaiting)
    clock.pass(500)
    expect(late).to.deep.equal([])
    isWaiting = false
    clock.pass(120)
    expect(late).to.deep.equal(['60 idle'])
  })

  it('never fires once it is stopped', () => {
    const { clock, late, timer } = start(60, 200)
    timer.stop()
    clock.pass(1000)
    expect(late).to.deep.equal([])
  })

  const TIMES = [
    ['initialize', Number.POSITIVE_INFINITY, 30_000],
    ['tools/list', Number.POSITIVE_INFINITY, 30_000],
    ['tools/call', 60_000, 1_800_000],
    ['tasks/result', Number.POSITIVE_INFINITY, 1_800_000],
    ['subscriptions/listen', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ] as const
  for (const [method, idleMs, totalMs] of TIMES) {
    it(`M86 ${method} may be silent for ${idleMs} ms and take ${totalMs} ms`, () => {
      expect(timesOf(method, UPSTREAM_LIMITS.http)).to.deep.equal({ idleMs, totalMs })
    })
  }
})

describe('createStartBreaker', () => {
  function fail(breaker: ReturnType<typeof createStartBreaker>, times: number): void {
    for (let count = 0; count < times; count += 1) breaker.failed()
  }

  it('M79 waits 1, 2, 4, 8 seconds after failures in a row, with jitter', () => {
    for (const random of [0, 1]) {
      const waits = [1, 2, 3, 4].map((failures) => {
        const breaker = createStartBreaker(new ManualClock(), () => random)
        fail(breaker, failures)
        return breaker.admit()
      })
      const expected = [1000, 2000, 4000, 8000].map((waitMs) => ({
        admitted: true,
        waitMs: waitMs * (1 + 0.2 * random),
      }))
      expect(waits).to.deep.equal(expected)
    }
  })

  it('M79 opens after five failures, lets one try after a minute, and closes when that succeeds', () => {
    const clock = new ManualClock()
    const breaker = createStartBreaker(clock, () => 0)
    fail(breaker, 5)
    expect(breaker.admit()).to.deep.equal({ admitted: false, retryInMs: 60_000 })
    clock.pass(60_000)
    expect(breaker.admit()).to.deep.equal({ admitted: true, waitMs: 0 })
    expect(breaker.admit()).to.deep.include({ admitted: false })
    breaker.failed()
    expect(breaker.admit()).to.deep.equal({ admitted: false, retryInMs: 60_000 })
    clock.pass(60_000)
    breaker.admit()
    breaker.succeeded()
    expect(breaker.admit()).to.deep.equal({ admitted: true, waitMs: 0 })
  })

  it('M79 a person who starts it need not wait', () => {
    const breaker = createStartBreaker(new ManualClock(), () => 0)
    fail(breaker, 9)
    breaker.reset()
    expect(breaker.admit()).to.deep.equal({ admitted: true, waitMs: 0 })
  })
})

describe('createCallGate', () => {
  it('M87 lets so many in at once, the rest in its order, and refuses beyond the queue', () => {
    const gate = createCallGate(2, 2)
    const started: string[] = []
    const enter = (name: string) => gate.enter(() => started.push(name))
    const [one, two, three, four] = ['one', 'two', 'three', 'four'].map(enter)
    expect(enter('five')).to.equal(undefined)
    expect(started).to.deep.equal(['one', 'two'])
    three?.()
    two?.()
    expect(started).to.deep.equal(['one', 'two', 'four'])
    two?.()
    for (const leave of [one, four]) leave?.()
    expect(gate.running).to.equal(0)
  })
})
