import { expect } from 'chai'
import { ApiFailure } from '../../../protocols/ir/error.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import { createStoredAnswers, type StoredAnswer } from '../../../src/conversation/stored-answers.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

const DAY_MS = 24 * 60 * 60_000

const turn = (role: Message['role'], text: string): Message => ({ role, parts: [{ type: 'text', text }] })
const answer = (id: string, previous?: string): StoredAnswer => ({
  id,
  ...(previous === undefined ? {} : { previous }),
  input: [turn('user', `to ${id}`)],
  output: turn('assistant', `from ${id}`),
  answer: { id },
})

describe('stored answers', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function open(clock: { now: number } = { now: 1_000_000 }) {
    const directory = await makeTempDir(closing)
    const store = closing.add(openStore({ directory }, { now: () => clock.now }), (one) => one.close())
    const faults: unknown[] = []
    const answers = createStoredAnswers({
      table: store.storedAnswers,
      now: () => clock.now,
      report: (fault) => faults.push(fault),
    })
    return { store, answers, faults, clock }
  }

  it('are found at once, before they are written, and after', async () => {
    const { store, answers } = await open()
    answers.save('g', answer('a'))
    expect(answers.find('g', 'a')).to.deep.equal(answer('a'))
    expect(store.storedAnswers.find('a', 'g')).to.equal(undefined)
    answers.flush()
    expect(store.storedAnswers.find('a', 'g')).to.not.equal(undefined)
    expect(answers.find('g', 'a')).to.deep.equal(answer('a'))
  })

  it('trap 144: lead back to the whole conversation, the oldest turn first', async () => {
    const { answers } = await open()
    answers.save('g', answer('a'))
    answers.flush()
    answers.save('g', answer('b', 'a'))
    answers.save('g', answer('c', 'b'))
    const texts = answers.conversation('g', 'c').map((message) => (message.parts[0] as { text: string }).text)
    expect(texts).to.deep.equal(['to a', 'from a', 'to b', 'from b', 'to c', 'from c'])
  })

  it('S19: are found by nobody else', async () => {
    const { answers } = await open()
    answers.save('g', answer('a'))
    expect(answers.find('h', 'a')).to.equal(undefined)
    answers.flush()
    expect(answers.find('h', 'a')).to.equal(undefined)
    expect(answers.delete('h', 'a')).to.equal(false)
    expect(answers.delete('g', 'a')).to.equal(true)
    expect(answers.delete('g', 'a')).to.equal(false)
  })

  it('are refused by name when one of the chain is gone', async () => {
    const { answers } = await open()
    answers.save('g', answer('b', 'lost'))
    expect(() => answers.conversation('g', 'b')).to.throw(ApiFailure, '"lost"')
  })

  it('end with their time, and are then deleted', async () => {
    const clock = { now: 1_000_000 }
    const { store, answers } = await open(clock)
    answers.save('g', answer('a'))
    answers.flush()
    clock.now += 31 * DAY_MS
    expect(answers.find('g', 'a')).to.equal(undefined)
    expect(store.storedAnswers.deleteExpired(10)).to.equal(1)
  })

  it('a chain that leads round ends', async () => {
    const { answers } = await open()
    answers.save('g', answer('a', 'b'))
    answers.save('g', answer('b', 'a'))
    expect(answers.conversation('g', 'a').length).to.be.within(2, 4000)
  })

  it('F81: what cannot be written is reported and hurts nobody', async () => {
    const { store, answers, faults } = await open()
    store.close()
    answers.save('g', answer('a'))
    answers.flush()
    expect(faults).to.have.length(1)
  })
})
