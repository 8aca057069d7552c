/** The official packages read from every recorded stream, told to their protocol, what a whole answer would have said. */
import { expect } from 'chai'
import { codecs } from '../../protocols/index.ts'
import { createClosing } from '../support/close-all.ts'
import { ACCUMULATORS, type StreamServer, startStreamServer } from './accumulate.ts'
import { readRecordings, skipWithoutRecordings } from './recordings.ts'
import { bytesOf, collect, onWire, readStream, writeAnswer, writeStream } from './translate.ts'

/** Larger ones say nothing else, and each is read by five packages. */
const LIMIT_CHARACTERS = 100_000

describe('official packages on recorded streams', function () {
  this.timeout(60_000)
  const closing = createClosing()
  let server: StreamServer
  before(async function () {
    skipWithoutRecordings.call(this)
    server = closing.add(await startStreamServer(), ({ server: http }) => {
      http.closeAllConnections()
      http.close()
    })
  })
  after(() => closing.closeAll())

  const streams = readRecordings().filter(({ stream }) => stream !== undefined && stream.length < LIMIT_CHARACTERS)

  for (const client of codecs) {
    const accumulator = ACCUMULATORS[client.name]
    for (const codec of codecs) {
      it(`the package of ${client.name} reads what ${codec.name} back ends said`, async () => {
        expect(accumulator, 'a package for each protocol').to.not.equal(undefined)
        for (const { id, stream = '' } of streams.filter((one) => one.codec === codec)) {
          const { value } = readStream(codec, [bytesOf(stream)])
          server.serve(client.stream.contentType, writeStream(client, value).value)
          const answer = collect(value)
          const final = await accumulator?.accumulate(server.url).catch((error: unknown) => ({ error }))
          if (answer === undefined) {
            // One package hands out the answer that failed, the others throw.
            const isTold = final !== undefined && ('error' in final || String(final.finish).startsWith('failed'))
            expect(isTold, `${id} ends in an error`).to.equal(true)
            continue
          }
          expect(onWire(final), id).to.deep.equal(onWire(accumulator?.read(writeAnswer(client, answer).body)))
        }
      })
    }
  }
})
