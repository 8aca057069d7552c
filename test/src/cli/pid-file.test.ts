import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { writePidFile } from '../../../src/cli/pid-file.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'
import { runProgram } from '../../support/program.ts'

describe('the file that tells which process serves', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('A169: holds the number of the process, and goes when it stops', async () => {
    const directory = join(await makeTempDir(closing), '.ccproxy')
    await mkdir(directory)
    const file = join(directory, '.ccproxy.pid')
    // Left behind by a process that is no more; no system has one of this number.
    await writeFile(file, '4194999\n')
    const { child, ready, ended } = runProgram(closing, ['start', '--port', '0', '--data-dir', directory])
    const url = await ready
    expect((await fetch(`${url}/health`)).status).to.equal(200)
    expect(readFileSync(file, 'utf8')).to.equal(`${child.pid}\n`)
    child.kill('SIGTERM')
    expect((await ended).code).to.equal(0)
    expect(existsSync(file)).to.equal(false)
  })

  it('A169: that of a process which still runs stays', async () => {
    const directory = await makeTempDir(closing)
    const file = join(directory, '.interlingua.pid')
    await writeFile(file, `${process.ppid}\n`)
    writePidFile(directory).remove()
    expect(readFileSync(file, 'utf8')).to.equal(`${process.ppid}\n`)
    await writeFile(file, 'no number')
    const own = writePidFile(directory)
    expect(readFileSync(file, 'utf8')).to.equal(`${process.pid}\n`)
    own.remove()
    expect(existsSync(file)).to.equal(false)
  })
})
