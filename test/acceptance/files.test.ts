/** The configuration files of the guide as it prints them, started with the program. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { createClosing, makeTempDir } from '../support/close-all.ts'
import { runProgram } from '../support/program.ts'

const GUIDE = '../shared/seeds/000_151fc69317c4b048.txt'

/** Its longest two: the full example and the complete reference, by a word that only they have. */
const FILES = [
  ['A014', /"ip_whitelist": \["127\.0\.0\.1"\]/],
  ['A164', /"rate_limit_requests_per_min": 60,\s+"circuit_breaker_enabled": true\s+\}/],
] as const

describe('files of the guide, started', function () {
  this.timeout(30_000)
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  let guide = ''
  before(async function () {
    guide = await readFile(GUIDE, 'utf8').catch(() => '')
    if (guide === '') this.skip()
  })

  for (const [row, mark] of FILES) {
    for (const way of ['--config', 'the default path'] as const) {
      it(`${row}: by ${way} it serves, and tells the providers that it names`, async () => {
        const text = readObjects(guide).find((one) => mark.test(one) && one.includes('"providers"'))
        if (text === undefined) throw new Error('the guide has no such example')
        const home = await makeTempDir(closing)
        const folder = join(home, '.ccproxy')
        await mkdir(folder)
        const file = join(folder, 'config.json')
        await writeFile(file, text)
        const flags = way === '--config' ? ['--config', file] : []
        const environment = { HOME: home, CCPROXY_APIKEY: 'ours-0123', ANTHROPIC_API_KEY: 'sk-canary-environment' }
        const program = runProgram(closing, ['start', '--port', '0', ...flags], environment)
        const url = await program.ready
        expect(((await (await fetch(`${url}/health`)).json()) as any).status).to.equal('healthy')
        // The variable goes before the file.
        const headers = { 'x-api-key': environment.CCPROXY_APIKEY }
        const told: any = await (await fetch(`${url}/providers`, { headers })).json()
        const named = [...text.matchAll(/"name": "([^"]+)"/g)].map(([, name]) => name)
        expect(told.map((provider: { name: string }) => provider.name)).to.have.members(named)
        const added = await fetch(`${url}/providers`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ name: 'groq', api_key: 'sk-canary-added' }),
        })
        expect(added.status).to.equal(201)
        program.child.kill('SIGTERM')
        expect((await program.ended).code).to.equal(0)

        const again = runProgram(closing, ['start', '--port', '0', ...flags], environment)
        const kept: any = await (await fetch(`${await again.ready}/providers`, { headers })).json()
        expect(
          kept.map((provider: { name: string }) => provider.name),
          'A203',
        ).to.have.members([...named, 'groq'])
        expect(await readFile(file, 'utf8'), 'A203: the file is as it was').to.equal(text)
        // While it runs, so that the log of the database counts as well.
        for (const name of await readdir(folder)) {
          if (name === 'config.json') continue
          expect((await readFile(join(folder, name))).includes('sk-canary'), `A203: ${name}`).to.equal(false)
        }
      })
    }
  }
})

/** Every outermost text in braces. */
function readObjects(text: string): readonly string[] {
  const objects: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') {
      if (depth === 0) start = at
      depth += 1
    } else if (text[at] === '}' && depth > 0) {
      depth -= 1
      if (depth === 0) objects.push(text.slice(start, at + 1))
    }
  }
  return objects
}
