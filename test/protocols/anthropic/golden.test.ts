import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const FOLDER = new URL('golden/', import.meta.url)
const GOLDEN = '.golden.json'

const read = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))

/** Whole bodies with their losses, so that a review sees a loss appear; `GOLDEN=write` makes them anew. */
describe('anthropic: golden requests', () => {
  const names = readdirSync(FOLDER)
  for (const name of names.filter((one) => !one.endsWith(GOLDEN))) {
    it(`${name} is written as before`, function () {
      const { request, facts } = read(name)
      const { body, losses } = anthropic.request.encode(request, facts)
      const written = JSON.parse(JSON.stringify({ body, losses }))
      const golden = name.replace('.json', GOLDEN)
      if (process.env.GOLDEN === 'write') {
        writeFileSync(new URL(golden, FOLDER), `${JSON.stringify(written, null, 2)}\n`)
        return this.skip()
      }
      expect(written).to.deep.equal(read(golden))
      if (hasRecordings) expect(loadSchema('request')(written.body)).to.equal(undefined)
    })
  }
  it('no golden file is an orphan', () => {
    const orphans = names.filter(
      (name) => name.endsWith(GOLDEN) && !existsSync(new URL(name.replace(GOLDEN, '.json'), FOLDER)),
    )
    expect(orphans).to.deep.equal([])
  })
})
