import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { openStore } from '../../../src/store/open-store.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

const run = promisify(execFile)

/** Opens the store in the folder that is its argument and tells its groups. */
const START = `
  import { openStore } from ${JSON.stringify(pathToFileURL(`${import.meta.dirname}/../../../src/store/open-store.ts`).href)}
  const store = openStore({ directory: process.argv[1] })
  process.stdout.write(store.groups.list().map((group) => group.name).join())
  store.close()
`

describe('several starts at the same moment', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('F84: make one database between them, migrated once, and none of them fails', async function () {
    this.timeout(30_000)
    const directory = await makeTempDir(closing)
    const starts = Array.from({ length: 4 }, () =>
      run(process.execPath, [
        '--disable-warning=ExperimentalWarning',
        '--input-type=module',
        '--eval',
        START,
        directory,
      ]),
    )
    for (const { stdout, stderr } of await Promise.all(starts)) {
      expect(stderr).to.equal('')
      expect(stdout).to.equal('default,demo')
    }
    expect(readdirSync(directory)).to.deep.equal(['interlingua.db', 'interlingua.db.key'])
    const store = closing.add(openStore({ directory }), (opened) => opened.close())
    expect(store.groups.list()).to.have.lengthOf(2)
  })
})
