/** What real clients asked, held against the schemas of all back ends; nothing of it goes missing without a word. */
import { expect } from 'chai'
import { codecs } from '../../protocols/index.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import { findDropped } from './dropped.ts'
import { isNotMissed, REQUESTS } from './not-missed.ts'
import { type Recording, readRecordings, skipWithoutRecordings } from './recordings.ts'
import { strictCheck } from './schema.ts'
import { onWire, type Told, writeRequest } from './translate.ts'

/** What no other back end can be asked, as it goes on from what lies at one provider only. */
const NOT_TRANSLATED = /^openai-conversations-/
/** Asks to load or unload a model: it is answered without asking any back end. */
const ASKS_NOTHING = /^ollama-docs-keep-alive-/

function decode({ codec, request }: Recording, body = request?.body): Told<ChatRequest> {
  if (request === undefined) throw new Error('nothing was asked')
  return codec.request.decode(request.wire, structuredClone(body))
}

describe('recorded requests', function () {
  // Thousands of translations, on machines that have other things to do.
  this.timeout(60_000)
  before(skipWithoutRecordings)
  const asked = readRecordings().filter(({ id, request }) => request !== undefined && !NOT_TRANSLATED.test(id))

  for (const codec of codecs) {
    const own = asked.filter((one) => one.codec === codec)
    const others = codecs.filter((one) => one !== codec)

    it(`of ${codec.name} clients are the same JSON for a back end of the same protocol`, () => {
      for (const recording of own) {
        const { value } = decode(recording)
        const { body, losses } = writeRequest(codec, value)
        // Counters are asked for whether the client did or not.
        const { stream_options, ...asked } = body
        expect('stream_options' in (recording.request?.body ?? {}) ? body : asked, recording.id).to.deep.equal(
          recording.request?.body,
        )
        expect(stream_options?.include_usage, recording.id).to.not.equal(false)
        expect(losses, recording.id).to.deep.equal([])
      }
    })

    for (const target of others) {
      it(`of ${codec.name} clients are what the schema of ${target.name} takes`, () => {
        const check = strictCheck(target.name, 'request')
        for (const recording of own.filter(({ id }) => !ASKS_NOTHING.test(id))) {
          expect(check(writeRequest(target, decode(recording).value).body), recording.id).to.equal(undefined)
        }
      })
    }

    it(`of ${codec.name} clients lose nothing that no loss names`, () => {
      const targets = new Map(
        others.map((target) => [target.name, (request: ChatRequest) => writeCall(target, request)]),
      )
      const dropped = own.flatMap((recording) =>
        findDropped(recording.request?.body, { decode: (body) => decode(recording, body), targets })
          .filter(({ target, shape, leaf }) => !isNotMissed(REQUESTS[codec.name], target, shape, leaf.value))
          .map(({ target, leaf }) => `${recording.id} to ${target}: ${leaf.path.join('.')}`),
      )
      expect(dropped).to.deep.equal([])
    })
  }
})

/** The body, and the line above it: some protocols name the model there. */
function writeCall(target: (typeof codecs)[number], request: ChatRequest) {
  const { body, losses } = writeRequest(target, request)
  const address = target.request.address({ model: request.model, stream: request.stream, operation: 'chat' })
  return { body: onWire({ address, body }), losses }
}
