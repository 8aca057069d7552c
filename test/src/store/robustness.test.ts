import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import SqliteDatabase from 'better-sqlite3'
import { expect } from 'chai'
import { openStore } from '../../../src/store/open-store.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

const STORE = pathToFileURL(join(import.meta.dirname, '../../../src/store/open-store.ts')).href

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning', '--input-type=module', '--eval'] as const

/** Writes group after group, each with an alias, a key and a change of the one before, and tells each once it is committed. */
const WRITER = `
  import { openStore } from '${STORE}'
  const store = openStore({ directory: process.argv[1] })
  const group = { description: '', enabled: true, open: false, toolMode: 'auto' }
  const provider = { protocol: 'p', transport: 'http', baseUrl: 'http://127.0.0.1:1', authHeader: 'a', authPrefix: '', headers: {}, enabled: true }
  for (let index = Number(process.argv[2]); index < Number(process.argv[3]); index += 1) {
    try {
      store.transaction(() => {
        const { id } = store.providers.save({ ...provider, name: 'provider-' + index })
        store.providerKeys.replace(id, ['key-' + index])
        const row = store.groups.save({ ...group, name: 'group-' + index, policy: { headers: { x: 'y'.repeat(500) } } })
        store.aliases.save(row.id, 'alias', [{ providerId: id, model: 'm'.repeat(500), weight: 1, priority: 0, parameters: {} }])
      })
      console.log(index)
    } catch (error) {
      console.log('failed ' + error.code)
      if (!/BUSY/.test(error.code)) break
      index -= 1
    }
  }
`

describe('a store that is treated badly', () => {
  const closing = createClosing()
  let directory: string

  beforeEach(async () => {
    directory = await makeTempDir(closing)
  })
  afterEach(() => closing.closeAll())

  function startWriter(from: number, to: number): ChildProcess {
    const [node, ...flags] = NODE
    const child = spawn(node, [...flags, WRITER, directory, String(from), String(to)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return closing.add(child, (running) => {
      running.kill('SIGKILL')
    })
  }

  /** What it said it had committed, up to its end, which comes when `until` says so. */
  async function follow(child: ChildProcess, until: (committed: number) => boolean = () => false): Promise<number[]> {
    const committed: number[] = []
    if (child.stdout === null) return committed
    for await (const line of createInterface(child.stdout)) {
      if (/^\d+$/.test(line)) committed.push(Number(line))
      if (until(committed.length)) child.kill('SIGKILL')
    }
    return committed
  }

  /** Each group is there with all that was written with it. */
  function inspect(): readonly number[] {
    const store = openStore({ directory })
    try {
      const found = store.groups.list().filter((row) => row.name.startsWith('group-'))
      for (const row of found) {
        const number = row.name.slice('group-'.length)
        const provider = store.providers.find(`provider-${number}`)
        expect(provider, row.name).to.not.equal(undefined)
        expect(store.providerKeys.listOf(provider?.id ?? 0).map((key) => key.secret)).to.deep.equal([`key-${number}`])
        expect(store.aliases.listTargetsOf(row.id)).to.have.lengthOf(1)
      }
      expect(store.providers.list()).to.have.lengthOf(found.length)
      return found.map((row) => Number(row.name.slice('group-'.length)))
    } finally {
      store.close()
    }
  }

  it('F78: killed again and again while it writes, it loses nothing that was committed and keeps nothing half', async function () {
    this.timeout(60_000)
    const committed: number[] = []
    for (let round = 0; round < 6; round += 1) {
      const from = round * 1000
      committed.push(...(await follow(startWriter(from, from + 1000), (count) => count === 1 + round * 3)))
      const found = new Set(inspect())
      for (const number of committed) expect(found.has(number), `round ${round}, group ${number}`).to.equal(true)
    }
    expect(committed.length).to.be.greaterThan(30)
    const raw = closing.add(new SqliteDatabase(join(directory, 'interlingua.db')), (database) => database.close())
    expect(raw.pragma('quick_check', { simple: true })).to.equal('ok')
  })

  it('50 writers of one process and two of others lose nothing between them', async function () {
    this.timeout(60_000)
    const store = closing.add(openStore({ directory }), (opened) => opened.close())
    const others = [follow(startWriter(1000, 1025)), follow(startWriter(2000, 2025))]
    const group = { description: '', enabled: true, open: false, toolMode: 'auto' }
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        for (let tries = 0; ; tries += 1) {
          await new Promise((resolve) => setImmediate(resolve))
          try {
            store.groups.save({ ...group, name: `mine-${index}` })
            return
          } catch (error) {
            if (tries > 100) throw error
          }
        }
      }),
    )
    const [one = [], two = []] = await Promise.all(others)
    expect([one.length, two.length]).to.deep.equal([25, 25])
    expect(store.groups.list().filter((row) => row.name.startsWith('mine-'))).to.have.lengthOf(50)
    expect(inspect()).to.have.lengthOf(50)
  })

  it('F81: on a full disk a change fails whole, what is there stays, and it goes on when there is room', async () => {
    const store = closing.add(openStore({ directory }), (opened) => opened.close())
    const group = { description: '', enabled: true, open: false, toolMode: 'auto' }
    store.groups.save({ ...group, name: 'before' })
    store.close()
    const pages = statSync(join(directory, 'interlingua.db')).size / 4096
    // As many blocks as the files have, and a few for the log: what goes beyond is refused, as on a full disk.
    const blocks = Math.ceil((pages * 4096 + 200_000) / 1024)
    const quoted = [...NODE, WRITER, directory, '0', '5000']
      .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
      .join(' ')
    const { stdout } = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f ${blocks}; ${quoted}`], { encoding: 'utf8' })
    const lines = stdout.trim().split('\n')
    expect(lines.at(-1)).to.match(/^failed SQLITE_(FULL|IOERR)/)
    const committed = lines.slice(0, -1).map(Number)
    expect(committed.length).to.be.greaterThan(3)
    expect(inspect()).to.deep.equal(committed.toSorted((one, other) => (String(one) < String(other) ? -1 : 1)))
    const again = closing.add(openStore({ directory }), (opened) => opened.close())
    again.groups.save({ ...group, name: 'after' })
    expect(again.groups.find('before')).to.not.equal(undefined)
  })

  it('F82: a folder that cannot be written is told in one sentence, and nothing is made in it', function () {
    const closed = join(directory, 'closed')
    mkdirSync(closed)
    openStore({ directory: closed }).close()
    const names = readdirSync(closed)
    const before = readFileSync(join(closed, 'interlingua.db'))
    // Whoever may do everything cannot be shut out: then somebody else tries.
    const somebody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    chmodSync(directory, 0o755)
    chmodSync(join(closed, 'interlingua.db'), 0o444)
    chmodSync(closed, 0o555)
    const [node, ...flags] = NODE
    const script = `import { openStore } from '${STORE}'; try { openStore({ directory: process.argv[1] }) } catch (error) { console.log(error.message) }`
    const { stdout, stderr } = spawnSync(node, [...flags, script, closed], { encoding: 'utf8', ...somebody })
    chmodSync(closed, 0o755)
    if (/EACCES|Cannot find module/.test(stderr) || stdout === '') this.skip()
    expect(stdout).to.match(
      /^\S+ cannot be opened \([A-Z_]+\)\. The file and its folder must be readable and writable.*\n$/,
    )
    expect(readdirSync(closed)).to.deep.equal(names)
    expect(readFileSync(join(closed, 'interlingua.db')).equals(before)).to.equal(true)
  })

  it('F83: a database that was cut off, or overwritten in any one page, is refused or read, and never written to', () => {
    const made = join(directory, 'made.db')
    const store = openStore({ file: made })
    const group = { description: 'x'.repeat(300), enabled: true, open: false, toolMode: 'auto' }
    for (let index = 0; index < 200; index += 1) store.groups.save({ ...group, name: `group-${index}` })
    store.close()
    const whole = readFileSync(made)
    const pages = whole.length / 4096
    let refused = 0
    for (let page = 0; page < pages; page += 1) {
      const file = join(directory, `page-${page}.db`)
      const bytes = Buffer.from(whole)
      bytes.fill(0xa5, page * 4096 + (page === 0 ? 100 : 0), (page + 1) * 4096)
      writeFileSync(file, bytes)
      copyFileSync(`${made}.key`, `${file}.key`)
      try {
        openStore({ file }).close()
      } catch (error) {
        refused += 1
        expect(String(error), `page ${page}`).to.match(/is damaged \(.*Put a backup in its place/s)
        expect(readFileSync(file).equals(bytes), `page ${page}`).to.equal(true)
      }
    }
    expect(refused).to.be.greaterThan(pages / 2)
    const cut = join(directory, 'cut.db')
    writeFileSync(cut, whole.subarray(0, Math.floor(pages / 2) * 4096))
    copyFileSync(`${made}.key`, `${cut}.key`)
    expect(() => openStore({ file: cut })).to.throw(/is damaged/)
  })
})
