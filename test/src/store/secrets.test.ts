import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { expect } from 'chai'
import { migrate } from '../../../src/store/migrate.ts'
import { openStore, type StoreOptions } from '../../../src/store/open-store.ts'
import { findMigrations, readMigrations } from '../../../src/store/read-migrations.ts'
import { createSecrets } from '../../../src/store/secrets.ts'
import { StoreFault } from '../../../src/store/store-fault.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

const CANARY = 'canary-secret-4711'

const OPENAI = {
  name: 'openai',
  protocol: 'p',
  transport: 'http',
  baseUrl: 'https://x.test',
  authHeader: 'a',
  authPrefix: '',
  headers: { 'x-key': `${CANARY}-header` },
  proxyUrl: `http://user:${CANARY}-proxy@proxy.test`,
  enabled: true,
}

describe('secrets', () => {
  const closing = createClosing()
  let folder: string
  let file: string

  beforeEach(async () => {
    folder = await makeTempDir(closing)
    file = join(folder, 'x.db')
  })
  afterEach(() => closing.closeAll())

  function open(options: StoreOptions = {}) {
    return closing.add(openStore({ file }, options), (store) => store.close())
  }

  function fill(options: StoreOptions = {}): void {
    const store = openStore({ file }, options)
    const { id } = store.providers.save(OPENAI)
    store.providerKeys.replace(id, [CANARY])
    const group = { name: 'g', description: '', enabled: true, open: false, toolMode: 'auto' }
    store.groups.save({ ...group, policy: { headers: { 'x-g': `${CANARY}-group` }, temperature_ratio: 2 } })
    store.close()
  }

  /** Everything on the disk but the key. */
  function bytes(): string {
    return readdirSync(folder)
      .filter((name) => !name.endsWith('.key'))
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join()
  }

  function refuse(options: StoreOptions, words: RegExp): void {
    const before = readFileSync(file)
    expect(() => openStore({ file }, options))
      .to.throw(StoreFault, words)
      .with.property('kind', 'secret-key')
    expect(readFileSync(file).equals(before)).to.equal(true)
  }

  it('S21: keys, values of headers and proxies are nowhere on the disk, and come back as they were', () => {
    fill()
    expect(bytes()).to.not.contain('canary')
    const store = open()
    expect(store.providerKeys.list().map((key) => key.secret)).to.deep.equal([CANARY])
    expect(store.providers.find('openai')).to.deep.include({ headers: OPENAI.headers, proxyUrl: OPENAI.proxyUrl })
    expect(store.groups.find('g')?.policy).to.deep.equal({
      headers: { 'x-g': `${CANARY}-group` },
      temperature_ratio: 2,
    })
    expect(bytes(), 'while it is open').to.not.contain('canary')
  })

  it('S21: the key lies beside the database, for its owner only', () => {
    fill()
    const path = join(folder, 'x.db.key')
    expect(statSync(path).mode & 0o777).to.equal(0o600)
    expect(Buffer.from(readFileSync(path, 'utf8').trim(), 'base64')).to.have.lengthOf(32)
    chmodSync(path, 0o644)
    open()
    expect(statSync(path).mode & 0o777).to.equal(0o600)
    expect(readdirSync(folder).filter((name) => name.includes('.new'))).to.deep.equal([])
  })

  const GIVEN = [
    ['32 bytes in base64', Buffer.alloc(32, 7).toString('base64')],
    ['32 bytes in hexadecimal', 'ab'.repeat(32)],
    ['a longer text', 'correct horse battery staple'],
  ] as const
  for (const [title, secretKey] of GIVEN) {
    it(`may be sealed with ${title} from the environment; then no key lies on the disk`, () => {
      fill({ secretKey })
      expect(existsSync(join(folder, 'x.db.key'))).to.equal(false)
      expect(bytes()).to.not.contain('canary')
      expect(open({ secretKey: ` ${secretKey}\n` }).providerKeys.list()[0]?.secret).to.equal(CANARY)
      refuse({ secretKey: 'another text that is long' }, /sealed with another key than that in INTERLINGUA_SECRET_KEY/)
      refuse({}, /their key is missing: put .*x\.db\.key back, or set INTERLINGUA_SECRET_KEY/)
    })
  }

  it('a key from a file may be given by the environment instead', () => {
    fill()
    const secretKey = readFileSync(join(folder, 'x.db.key'), 'utf8')
    rmSync(join(folder, 'x.db.key'))
    expect(open({ secretKey }).providerKeys.list()[0]?.secret).to.equal(CANARY)
  })

  it('a key that is gone, another one and one that is none are told apart, and nothing is touched', () => {
    fill()
    const path = join(folder, 'x.db.key')
    writeFileSync(path, Buffer.alloc(32, 1).toString('base64'))
    refuse({}, /sealed with another key than that in .*x\.db\.key/)
    writeFileSync(path, 'not a key')
    refuse({}, /holds no key/)
    rmSync(path)
    refuse({}, /key is missing/)
    expect(existsSync(path), 'no new one is made').to.equal(false)
    refuse({ secretKey: 'short' }, /too short/)
  })

  it('a database of an older version, in which they lay open, is sealed when it is opened', () => {
    openStore({ file }).close()
    rmSync(file)
    rmSync(join(folder, 'x.db.key'))
    const old = new SqliteDatabase(file)
    old.pragma('application_id = 1229737543')
    old.pragma('journal_mode = WAL')
    migrate(old, readMigrations(findMigrations()).slice(0, 4))
    old.exec(`
      INSERT INTO providers (id, name, protocol, base_url, auth_header, auth_prefix, headers, created_at, updated_at, transport)
        VALUES (7, 'old', 'p', 'https://x.test', 'a', '', '{"x-key":"${CANARY}-header"}', 1, 1, 'http');
      INSERT INTO provider_keys (provider_id, secret, label, enabled, position) VALUES (7, '${CANARY}', 'mine', 0, 0);
      INSERT INTO aliases (id, group_id, pattern, created_at) VALUES (3, 1, 'fast', 1);
      INSERT INTO targets (alias_id, provider_id, model, position) VALUES (3, 7, 'm', 0);
    `)
    old.close()
    expect(bytes()).to.contain('canary')
    const store = open()
    expect(bytes(), 'not even in the log').to.not.contain('canary')
    expect(store.providerKeys.list()).to.deep.equal([
      { id: 1, providerId: 7, secret: CANARY, label: 'mine', enabled: false },
    ])
    expect(store.providers.find('old')?.headers).to.deep.equal({ 'x-key': `${CANARY}-header` })
    expect(store.aliases.list().map((row) => row.pattern)).to.deep.equal(['fast'])
    expect(store.aliases.listTargets().map((row) => [row.aliasId, row.providerId, row.model])).to.deep.equal([
      [3, 7, 'm'],
    ])
    expect(store.routes.list()).to.deep.equal([])
  })

  it('a key keeps its id when the same one is written again', () => {
    const store = open()
    const { id } = store.providers.save(OPENAI)
    store.providerKeys.replace(id, ['a', 'b'])
    const before = store.providerKeys.list()
    store.providerKeys.replace(id, ['b', 'a', 'b'])
    expect(store.providerKeys.list()).to.deep.equal(before.toReversed())
  })

  describe('sealing', () => {
    const secrets = createSecrets(Buffer.alloc(32, 3))

    it('gives back any text, and looks different every time', () => {
      for (const text of ['', 'a', 'ä😀\0', 'x'.repeat(100_000)]) {
        const sealed = secrets.seal(text)
        expect(sealed).to.not.equal(secrets.seal(text))
        expect(secrets.open(sealed)).to.equal(text)
      }
    })

    it('notices every change, and never tells what was inside', () => {
      const sealed = secrets.seal(CANARY)
      for (let at = 0; at < sealed.length; at += 1) {
        const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
        // The last letters of base64 may stand for nothing.
        if (Buffer.from(changed.slice(3), 'base64').equals(Buffer.from(sealed.slice(3), 'base64')) && at > 2) continue
        expect(() => secrets.open(changed), String(at))
          .to.throw('not sealed with this key')
          .and.not.match(/canary/)
      }
      for (const text of ['', 'v1:', CANARY, sealed.slice(0, 30)])
        expect(() => secrets.open(text)).to.throw('not sealed')
    })

    it('the fingerprint tells texts apart, and keys', () => {
      expect(secrets.fingerprint('a')).to.equal(secrets.fingerprint('a'))
      expect(secrets.fingerprint('a')).to.not.equal(secrets.fingerprint('b'))
      expect(secrets.fingerprint('a')).to.not.equal(createSecrets(Buffer.alloc(32, 4)).fingerprint('a'))
    })
  })
})
