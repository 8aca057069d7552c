/** From one protocol into another and back: nothing grows, nothing changes twice, and what is missing was told as lost. */
import { expect } from 'chai'
import fc from 'fast-check'
import { codecs } from '../../protocols/index.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import { anyConversation, anyReply } from '../support/any-conversation.ts'
import { leavesOf } from './leaves.ts'
import { chatWire, replyFor, writeAnswer, writeRequest } from './translate.ts'

type Codec = (typeof codecs)[number]

/** The one side of a codec that a trip uses. */
interface Side<Value> {
  decode(codec: Codec, wire: any): Value
  encode(codec: Codec, value: Value): { readonly body: any; readonly losses: readonly Loss[] }
}

const REQUESTS: Side<ChatRequest> = {
  decode(codec, body) {
    // Where the path tells it, a stream is asked for there.
    const request = codec.request.decode(chatWire(codec), structuredClone(body)).value
    return { ...request, model: 'm', stream: false }
  },
  encode: writeRequest,
}

const ANSWERS: Side<ChatResponse> = {
  decode: (codec, body) => codec.response.decode(structuredClone(body), { facts: {} }).value,
  encode: (codec, response) => writeAnswer(codec, response, { ...replyFor(codec), servedModel: 'asked' }),
}

/** One way of a trip: what set out, and what was lost of it. */
interface Leg {
  readonly value: unknown
  readonly losses: readonly Loss[]
}

interface Trip {
  readonly back: any
  readonly legs: readonly Leg[]
}

function travel<Value>(side: Side<Value>, home: Codec, away: Codec, wire: any): Trip {
  const setOut = side.decode(home, wire)
  const there = side.encode(away, setOut)
  const arrived = side.decode(away, there.body)
  const back = side.encode(home, arrived)
  return {
    back: back.body,
    legs: [
      { value: setOut, losses: there.losses },
      { value: arrived, losses: back.losses },
    ],
  }
}

/** Whether one of the ways reports as lost the place at which the word stood when it set out. */
function isNamed(word: string, legs: readonly Leg[]): boolean {
  return legs.some(({ value, losses }) => {
    const place = placeOf(value, word)
    return place !== '' && losses.some(({ path }) => place === path || place.startsWith(`${path}.`))
  })
}

/** How much is said: entries of lists, and characters of what somebody wrote. */
function sizeOf(wire: any): { readonly turns: number; readonly words: number } {
  const turns = wire.messages ?? wire.contents ?? wire.input ?? wire.content ?? wire.output ?? []
  return { turns: turns.length, words: wordsOf(wire).length }
}

function wordsOf(wire: unknown): string[] {
  return leavesOf(wire).flatMap(({ value }) => (typeof value === 'string' ? (value.match(/word\d+/g) ?? []) : []))
}

/** Where a word stands in the interlingua. */
function placeOf(value: unknown, word: string): string {
  const leaf = leavesOf(value).find((one) => typeof one.value === 'string' && new RegExp(`${word}\\b`).test(one.value))
  return leaf?.path.join('.') ?? ''
}

function checkTrip<Value>(side: Side<Value>, home: Codec, away: Codec, value: Value): void {
  const { body: wire } = side.encode(home, value)
  const { back, legs } = travel(side, home, away, wire)
  const before = sizeOf(wire)
  const after = sizeOf(back)
  expect(after.turns, 'turns').to.be.at.most(before.turns)
  expect(after.words, 'words').to.be.at.most(before.words)
  const heard = new Set(wordsOf(back))
  const gone = wordsOf(wire).filter((word) => !heard.has(word) && !isNamed(word, legs))
  expect(gone, 'gone, and no loss says so').to.deep.equal([])
  expect(travel(side, home, away, back).back, 'a second trip').to.deep.equal(back)
}

describe('there and back', function () {
  this.timeout(60_000)
  for (const home of codecs) {
    for (const away of codecs.filter((one) => one !== home)) {
      it(`a request of ${home.name} goes to ${away.name} and back`, () => {
        fc.assert(
          fc.property(anyConversation, (request) => checkTrip(REQUESTS, home, away, request)),
          { numRuns: 60 },
        )
      })
      it(`an answer of ${home.name} goes to ${away.name} and back`, () => {
        fc.assert(
          fc.property(anyReply, (response) => checkTrip(ANSWERS, home, away, response)),
          { numRuns: 60 },
        )
      })
    }
  }
})
