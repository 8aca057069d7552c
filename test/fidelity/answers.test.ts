/** What real back ends answered, whole or with an error, held against the schemas of all clients. */
import { expect } from 'chai'
import { codecs } from '../../protocols/index.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import { findDropped } from './dropped.ts'
import { ANSWERS, isNotMissed } from './not-missed.ts'
import { readRecordings, skipWithoutRecordings } from './recordings.ts'
import { strictCheck } from './schema.ts'
import { onWire, writeAnswer } from './translate.ts'

describe('recorded answers', function () {
  // Thousands of translations, on machines that have other things to do.
  this.timeout(60_000)
  before(skipWithoutRecordings)
  const recordings = readRecordings()

  for (const codec of codecs) {
    const answered = recordings.filter((one) => one.codec === codec && one.answer !== undefined)
    const others = codecs.filter((one) => one !== codec)
    const decode = (body: unknown) => codec.response.decode(structuredClone(body), { facts: {} })

    for (const target of others) {
      it(`of ${codec.name} back ends are by the closed schema of ${target.name} what its clients read`, () => {
        const check = strictCheck(target.name, 'response')
        for (const { id, answer } of answered) {
          expect(check(writeAnswer(target, decode(answer).value).body), id).to.equal(undefined)
        }
      })
    }

    it(`of ${codec.name} back ends lose nothing that no loss names`, () => {
      const targets = new Map(
        others.map((target) => [target.name, (response: ChatResponse) => writeAnswer(target, response)]),
      )
      const dropped = answered.flatMap(({ id, answer }) =>
        findDropped(answer, { decode, targets })
          .filter(({ places }) => places.length === 0 || !places.every((place) => place.startsWith('echo.')))
          .filter(({ target, shape, leaf }) => !isNotMissed(ANSWERS[codec.name], target, shape, leaf.value))
          .map(({ target, leaf }) => `${id} to ${target}: ${leaf.path.join('.')}`),
      )
      expect(dropped).to.deep.equal([])
    })
  }
})

describe('recorded errors', function () {
  // Thousands of translations, on machines that have other things to do.
  this.timeout(60_000)
  before(skipWithoutRecordings)
  const failed = readRecordings().flatMap((one) => (one.error === undefined ? [] : [{ ...one, error: one.error }]))

  for (const target of codecs) {
    it(`are errors by the schema of ${target.name}, with the words and the status of the back end`, () => {
      const check = strictCheck(target.name, 'error')
      for (const { id, codec, error } of failed) {
        const told = codec.error.decode(error.status, error.headers, error.text)
        const { status, body } = target.error.encode(told, 'req_1')
        expect(check(onWire(body)), id).to.equal(undefined)
        expect(status, id).to.be.within(400, 599)
        // Clients know a prompt that is too long by the words of their own API.
        if (told.kind !== 'context-overflow')
          expect(JSON.stringify(body), id).to.include(JSON.stringify(told.message).slice(1, -1))
        expect(told.message, id).to.include(wordsOf(JSON.parse(error.text)))
      }
    })
  }
})

/** Wherever a vendor puts the sentence for people. */
function wordsOf(body: any): string {
  const [first = body] = Array.isArray(body) ? body : []
  return typeof first.error === 'string' ? first.error : first.error.message
}
