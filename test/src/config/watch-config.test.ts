import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ConfigFault } from '../../../src/config/config-fault.ts'
import { digestOf, loadConfig } from '../../../src/config/load-config.ts'
import { type ConfigWatch, type WatchOptions, watchConfig } from '../../../src/config/watch-config.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

describe('watchConfig', () => {
  const closing = createClosing()
  let folder: string
  let file: string
  let events: string[]
  let waiting: (() => void) | undefined

  beforeEach(async () => {
    folder = await makeTempDir(closing)
    file = join(folder, 'config.json')
    events = []
    writePort(1)
  })
  afterEach(() => closing.closeAll())

  function writePort(port: number): void {
    writeFileSync(file, JSON.stringify({ port }))
  }

  function happen(event: string): void {
    events.push(event)
    waiting?.()
  }

  /** Resolves when so many events have happened since the begin. */
  function happened(count: number): Promise<void> {
    return new Promise((resolve) => {
      waiting = () => {
        if (events.length >= count) resolve()
      }
      waiting()
    })
  }

  function start(options: Partial<WatchOptions> = {}): ConfigWatch {
    const watch = watchConfig({
      file,
      environment: {},
      seen: digestOf(readFileSync(file, 'utf8')),
      apply: ({ config }) => happen(`port ${config.port}`),
      refuse: (error) =>
        happen(error instanceof ConfigFault ? `refused: ${error.problems[0]?.problem}` : String(error)),
      debounceMs: 10,
      ...options,
    })
    closing.add(watch, async () => watch.close())
    return watch
  }

  it('hands over what the file says each time that it is written', async () => {
    start()
    writePort(2)
    await happened(1)
    writePort(3)
    await happened(2)
    expect(events).to.deep.equal(['port 2', 'port 3'])
  })

  it('sees a file that editors put in its place by renaming another over it, and again', async () => {
    start({ pollMs: 60_000 })
    for (const port of [2, 3, 4]) {
      const other = join(folder, `config.json.${port}~`)
      writeFileSync(other, JSON.stringify({ port }))
      renameSync(other, file)
      await happened(port - 1)
    }
    expect(events).to.deep.equal(['port 2', 'port 3', 'port 4'])
  })

  it('sees the folder that Kubernetes swaps behind a link', async () => {
    for (const [name, port] of [
      ['..one', 5],
      ['..two', 6],
    ] as const) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'config.json'), JSON.stringify({ port }))
    }
    symlinkSync('..one', join(folder, '..data'))
    rmSync(file)
    symlinkSync('..data/config.json', file)
    start({ pollMs: 60_000 })
    symlinkSync('..two', join(folder, '..next'))
    renameSync(join(folder, '..next'), join(folder, '..data'))
    await happened(1)
    expect(events).to.deep.equal(['port 6'])
  })

  it('says why a bad file is refused, once, and goes on with the next good one', async () => {
    start()
    writeFileSync(file, '{ "port": "x" }')
    await happened(1)
    writePort(4)
    await happened(2)
    expect(events).to.deep.equal(['refused: must be a whole number or a list', 'port 4'])
  })

  it('a file that is gone is told, and taken over when it is back, also with the text that it had', async () => {
    start()
    rmSync(file)
    await happened(1)
    writePort(1)
    await happened(2)
    expect(events).to.deep.equal(['refused: does not exist', 'port 1'])
  })

  it('what could not be applied is refused with its reason', async () => {
    const reason = new Error('the registry cannot serve it')
    const told: unknown[] = []
    const watch = start({
      apply: () => {
        throw reason
      },
      refuse: (error) => told.push(error),
    })
    watch.reload()
    expect(told).to.deep.equal([reason])
  })

  it('a burst of writes is one change, the last one', async () => {
    start({ debounceMs: 60 })
    for (let port = 2; port <= 40; port += 1) writePort(port)
    await happened(1)
    writePort(50)
    await happened(2)
    expect(events).to.deep.equal(['port 40', 'port 50'])
  })

  it('a write of the same text, or of another file beside it, is no change', async () => {
    start()
    writePort(1)
    writeFileSync(join(folder, 'interlingua.db-wal'), 'x')
    writePort(1)
    writePort(2)
    await happened(1)
    expect(events).to.deep.equal(['port 2'])
  })

  it('a change between loading and watching is not missed', async () => {
    const { digest } = loadConfig(file, {})
    writePort(7)
    start({ seen: digest, pollMs: 60_000 })
    await happened(1)
    expect(events).to.deep.equal(['port 7'])
  })

  it('SIGHUP: reload hands over at once, also what is the same', () => {
    const watch = start()
    watch.reload()
    watch.reload()
    writePort(9)
    watch.reload()
    expect(events).to.deep.equal(['port 1', 'port 1', 'port 9'])
  })

  it('variables of the environment are put in as at the start', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the file names a variable of the environment
    writeFileSync(file, '{ "host": "${H}" }')
    const hosts: string[] = []
    const environment = { H: 'box' }
    const watch = start({
      environment,
      apply: ({ config }) => hosts.push(config.host),
    })
    watch.reload()
    expect(hosts).to.deep.equal(['box'])
  })

  it('nothing is called once it is closed', async () => {
    const first = start({ debounceMs: 1 })
    const other = start({ apply: ({ config }) => happen(`other ${config.port}`), debounceMs: 40 })
    first.close()
    writePort(2)
    await happened(1)
    expect(events).to.deep.equal(['other 2'])
    other.close()
  })

  it('a folder that cannot be watched is no fault: the file is looked at from time to time', async () => {
    const missing = join(folder, 'later', 'config.json')
    start({ file: missing, seen: undefined, pollMs: 20 })
    mkdirSync(join(folder, 'later'))
    writeFileSync(missing, '{ "port": 8 }')
    await happened(1)
    expect(events).to.deep.equal(['port 8'])
  })
})
