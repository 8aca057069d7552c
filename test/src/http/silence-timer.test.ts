import { expect } from 'chai'
import { SilenceTimer } from '../../../src/http/silence-timer.ts'

describe('http/silence-timer', () => {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const timers: SilenceTimer[] = []
  afterEach(() => {
    for (const timer of timers.splice(0)) timer.stop()
  })
  const watch = (limitMs: number) => {
    const startedAt = performance.now()
    let late = () => {}
    const fired = new Promise<number>((resolve) => {
      late = () => resolve(performance.now() - startedAt)
    })
    let count = 0
    const timer = new SilenceTimer(limitMs, () => {
      count += 1
      late()
    })
    timers.push(timer)
    return { timer, fired, count: () => count }
  }

  it('fires once after silence, and not before', async () => {
    const { fired, count } = watch(50)
    expect(await fired).to.be.at.least(49)
    await wait(120)
    expect(count()).to.equal(1)
  })

  it('does not fire while something is heard', async () => {
    const { timer, fired, count } = watch(60)
    for (let round = 0; round < 6; round += 1) {
      await wait(25)
      timer.heard()
    }
    expect(count()).to.equal(0)
    expect(await fired).to.be.at.least(200)
  })

  it('a phase with a shorter limit fires by that one, one with a longer by that', async () => {
    const shorter = watch(5000)
    shorter.timer.enter(40)
    expect(await shorter.fired).to.be.below(1000)
    const longer = watch(30)
    longer.timer.enter(120)
    expect(longer.timer.limitMs).to.equal(120)
    expect(await longer.fired).to.be.at.least(119)
  })

  it('the time for all of it ends it, whatever is heard', async () => {
    const { timer, fired } = watch(60)
    timer.endWithin(100)
    expect(timer.ended).to.equal(false)
    const pump = setInterval(() => timer.heard(), 10)
    expect(await fired).to.be.within(99, 1000)
    clearInterval(pump)
    expect(timer.ended).to.equal(true)
  })

  it('does not fire while it is paused, nor when it is stopped', async () => {
    const paused = watch(30)
    paused.timer.pause()
    const stopped = watch(30)
    stopped.timer.stop()
    await wait(100)
    expect(paused.count()).to.equal(0)
    expect(stopped.count()).to.equal(0)
    paused.timer.resume()
    await paused.fired
  })

  it('a pause that began before the phase does not hide its limit', async () => {
    const { timer, fired } = watch(5000)
    timer.endWithin(60)
    timer.pause()
    timer.enter(5000)
    timer.resume()
    expect(await fired).to.be.within(59, 1000)
  })

  it('F93: a loop that was blocked gets a turn to hear what had come in time', async () => {
    const { timer, count } = watch(30)
    const blockedUntil = performance.now() + 80
    while (performance.now() < blockedUntil) {
      // Blocks the loop on purpose.
    }
    // Runs in the same turn as what a socket would deliver: after the timers, before the timer's last look.
    setImmediate(() => timer.heard())
    await wait(10)
    expect(count()).to.equal(0)
  })
})
