import { expect } from 'chai'
import fc from 'fast-check'
import type { ApiErrorKind } from '../../../protocols/ir/error.ts'
import type { Target } from '../../../src/providers/target.ts'
import { createHealth, type Health } from '../../../src/registry/health.ts'

function targetOf(model: string, key?: number, baseUrl = 'https://one.test'): Target {
  return {
    provider: {
      name: 'one',
      protocol: 'openai-chat',
      transport: 'http',
      baseUrl,
      auth: { header: 'authorization', prefix: 'Bearer ' },
      headers: {},
    },
    ...(key === undefined ? {} : { key: { id: key, secret: `secret-${key}` } }),
    model,
    facts: {},
  }
}

const A = targetOf('a', 1)
const A_OTHER_KEY = targetOf('a', 2)
const B = targetOf('b', 1)

describe('health', () => {
  let now: number
  let health: Health

  beforeEach(() => {
    now = 1_000_000
    health = createHealth({ enabled: true, threshold: 3, timeoutMs: 60_000 }, () => now)
  })

  function end(target: Target, kind?: ApiErrorKind, retryAfterMs?: number): boolean {
    const call = health.admit(target)
    const more = retryAfterMs === undefined ? {} : { retryAfterMs }
    call?.end(kind === undefined ? undefined : { kind, message: 'x', source: 'provider', ...more })
    return call !== undefined
  }

  function fail(target: Target, times: number): void {
    for (let time = 0; time < times; time += 1) end(target, 'upstream-failed')
  }

  describe('the breaker of a target', () => {
    it('A130: opens after as many failures in a row as are set, for the time that is set', () => {
      fail(A, 2)
      expect(health.closedForMs(A)).to.equal(0)
      fail(A, 1)
      expect(health.closedForMs(A)).to.equal(60_000)
      expect(health.admit(A)).to.equal(undefined)
      now += 59_999
      expect(health.closedForMs(A)).to.equal(1)
    })

    it('A130: lets one call try when the time is over, and closes when it went well', () => {
      fail(A, 3)
      now += 60_000
      const probe = health.admit(A)
      expect(probe).to.not.equal(undefined)
      expect(health.admit(A), 'while it is tried').to.equal(undefined)
      expect(health.closedForMs(A)).to.be.greaterThan(0)
      probe?.end()
      expect(health.closedForMs(A)).to.equal(0)
      fail(A, 2)
      expect(health.closedForMs(A), 'it counts anew').to.equal(0)
    })

    it('F56: opens again for as long when the probe fails', () => {
      fail(A, 3)
      now += 60_000
      fail(A, 1)
      expect(health.closedForMs(A)).to.equal(60_000)
    })

    for (const kind of ['cancelled', 'rate-limited', 'unauthorized'] as const) {
      it(`F56: gives the place of a probe that ended as ${kind} to the next call`, () => {
        fail(A, 3)
        now += 60_000
        expect(end(A, kind)).to.equal(true)
        const next = health.admit(A)
        expect(next).to.not.equal(undefined)
        expect(health.admit(A)).to.equal(undefined)
        next?.end()
        expect(health.describe().targets).to.deep.equal([])
      })
    }

    it('closes when the probe was refused for what the client did wrong: the target answers', () => {
      fail(A, 3)
      now += 60_000
      end(A, 'bad-request')
      expect(health.closedForMs(A)).to.equal(0)
    })

    it('is told nothing of its target by what the gateway refused itself', () => {
      fail(A, 3)
      now += 60_000
      health.admit(A)?.end({ kind: 'bad-request', message: 'x', source: 'proxy' })
      expect(health.describe().targets[0]?.state).to.equal('half-open')
    })

    it('counts failures in a row only', () => {
      for (let time = 0; time < 10; time += 1) {
        fail(A, 2)
        end(A)
      }
      expect(health.closedForMs(A)).to.equal(0)
    })

    it('is not held open longer by calls that had begun before', () => {
      const calls = Array.from({ length: 6 }, () => health.admit(A))
      for (const call of calls.slice(0, 3)) call?.end({ kind: 'upstream-timeout', message: 'x' })
      now += 1000
      for (const call of calls.slice(3)) call?.end({ kind: 'upstream-timeout', message: 'x' })
      expect(health.closedForMs(A)).to.equal(59_000)
    })

    it('is its own for each model, and for each address of a provider', () => {
      fail(A, 3)
      expect(health.closedForMs(B)).to.equal(0)
      expect(health.closedForMs(targetOf('a', 1, 'https://two.test'))).to.equal(0)
      expect(health.closedForMs(A_OTHER_KEY), 'another key helps nothing').to.equal(60_000)
    })

    const KINDS: Readonly<Record<ApiErrorKind, boolean>> = {
      'bad-request': false,
      'context-overflow': false,
      'content-filtered': false,
      unauthorized: false,
      'payment-required': false,
      forbidden: false,
      'not-found': false,
      'model-not-found': false,
      'method-not-allowed': false,
      'request-timeout': false,
      conflict: false,
      'too-large': false,
      'unsupported-media-type': false,
      'rate-limited': false,
      cancelled: false,
      internal: false,
      'not-implemented': false,
      'upstream-failed': true,
      unavailable: true,
      'upstream-timeout': true,
      overloaded: true,
    }
    for (const [kind, trips] of Object.entries(KINDS)) {
      it(`F50, F56: ${kind} ${trips ? 'opens it' : 'never opens it'}`, () => {
        for (let time = 0; time < 20; time += 1) end(A, kind as ApiErrorKind)
        expect(health.closedForMs(A) > 0).to.equal(trips)
      })
    }

    it('never opens where it is disabled, and one that is open no longer counts', () => {
      fail(A, 3)
      health.configure({ enabled: false, threshold: 3, timeoutMs: 60_000 })
      expect(health.closedForMs(A)).to.equal(0)
      fail(A, 20)
      expect(end(A)).to.equal(true)
    })

    it('takes another threshold and time at once', () => {
      health.configure({ enabled: true, threshold: 1, timeoutMs: 5 })
      fail(A, 1)
      expect(health.closedForMs(A)).to.equal(5)
    })
  })

  describe('keys that rest', () => {
    it('F51: rest as long as the provider says, at the model that it was said of', () => {
      end(A, 'rate-limited', 7000)
      expect(health.coolingForMs(A)).to.equal(7000)
      expect(health.coolingForMs(B)).to.equal(0)
      expect(health.coolingForMs(A_OTHER_KEY)).to.equal(0)
      now += 7000
      expect(health.coolingForMs(A)).to.equal(0)
      expect(health.allWell).to.equal(true)
    })

    it('F51: rest a little where it does not say, and an hour at most', () => {
      end(A, 'rate-limited')
      expect(health.coolingForMs(A)).to.equal(5000)
      end(A, 'rate-limited', 1e12)
      expect(health.coolingForMs(A)).to.equal(3_600_000)
    })

    it('F50: a refused key rests at every model', () => {
      end(A, 'unauthorized')
      expect(health.coolingForMs(B)).to.equal(60_000)
      expect(health.coolingForMs(A_OTHER_KEY)).to.equal(0)
    })

    it('work again as soon as a call went well', () => {
      end(A, 'unauthorized')
      end(A)
      expect(health.coolingForMs(A)).to.equal(0)
      expect(health.allWell).to.equal(true)
    })

    for (const retryAfterMs of [0, -5000, Number.NaN]) {
      it(`F51: do not rest for ${retryAfterMs} milliseconds`, () => {
        end(A, 'overloaded', retryAfterMs)
        expect(health.coolingForMs(A)).to.equal(0)
      })
    }
  })

  describe('what it tells', () => {
    it('of targets that fail or are busy, and of keys that rest; no secrets', () => {
      fail(A, 3)
      health.admit(B)
      end(A_OTHER_KEY, 'rate-limited')
      end(B, 'unauthorized')
      now += 1000
      const report = health.describe()
      expect(report.targets).to.deep.equal([
        { provider: 'one', model: 'a', state: 'open', failures: 3, inFlight: 0, retryInMs: 59_000 },
        { provider: 'one', model: 'b', state: 'closed', failures: 0, inFlight: 1, retryInMs: 0 },
      ])
      expect(report.keys).to.deep.equal([{ provider: 'one', keyId: 1, reason: 'unauthorized', coolingForMs: 59_000 }])
      expect(JSON.stringify(report)).to.not.contain('secret-')
      now += 59_000
      expect(health.describe().targets[0]?.state).to.equal('half-open')
    })

    it('counts calls in flight of target and key, each end once', () => {
      const calls = [health.admit(A), health.admit(A), health.admit(B), health.admit(A_OTHER_KEY)]
      expect(health.busyness(A)).to.deep.equal({ target: 3, key: 3 })
      calls[0]?.end()
      calls[0]?.end()
      expect(health.busyness(A)).to.deep.equal({ target: 2, key: 2 })
      for (const call of calls) call?.end()
      expect(health.busyness(A)).to.deep.equal({ target: 0, key: 0 })
      expect(health.describe()).to.deep.equal({ targets: [], keys: [] })
    })
  })

  it('S14: does not grow with the names of models that clients make up', () => {
    for (let index = 0; index < 25_000; index += 1) {
      end(targetOf(`made-up-${index}`, 1), index % 2 === 0 ? 'upstream-failed' : 'rate-limited')
    }
    const { targets, keys } = health.describe()
    expect(targets.length).to.be.at.most(10_000)
    expect(keys.length).to.be.at.most(10_000)
  })

  it('whatever happens, what is in flight goes back to nothing and no more than one call probes', () => {
    const kinds = [undefined, 'upstream-failed', 'cancelled', 'bad-request', 'rate-limited'] as const
    const step = fc.oneof(
      fc.record({ type: fc.constant('begin' as const) }),
      fc.record({ type: fc.constant('end' as const), kind: fc.constantFrom(...kinds), which: fc.nat(9) }),
      fc.record({ type: fc.constant('wait' as const), ms: fc.nat(70_000) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tried = createHealth({ enabled: true, threshold: 2, timeoutMs: 60_000 }, () => now)
        const calls: { end(error?: { kind: ApiErrorKind; message: string }): void }[] = []
        for (const one of steps) {
          if (one.type === 'wait') now += one.ms
          if (one.type === 'begin') {
            const state = tried.describe().targets[0]?.state
            const call = tried.admit(A)
            if (call !== undefined) calls.push(call)
            if (state === 'open') expect(call).to.equal(undefined)
            if (state === 'half-open') expect(tried.admit(A), 'a second probe').to.equal(undefined)
          }
          if (one.type === 'end' && calls.length > 0) {
            const [call] = calls.splice(one.which % calls.length, 1)
            call?.end(one.kind === undefined ? undefined : { kind: one.kind, message: 'x' })
          }
        }
        for (const call of calls) call.end()
        expect(tried.busyness(A)).to.deep.equal({ target: 0, key: 0 })
      }),
    )
  })
})
