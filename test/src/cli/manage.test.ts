/** Commands that look after a gateway, beside it or without it. */
import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { createClosing, makeTempDir } from '../../support/close-all.ts'
import { runProgram } from '../../support/program.ts'
import { type CommandEnd, runCommand } from '../../support/run-command.ts'

describe('commands of management', () => {
  const closing = createClosing()
  let directory: string
  let file: string

  beforeEach(async () => {
    directory = await makeTempDir(closing)
    file = join(directory, 'config.json')
  })
  afterEach(() => closing.closeAll())

  const manage = (...args: string[]): Promise<CommandEnd> => runCommand(...args, '--data-dir', directory)

  async function check(config: string | object): Promise<CommandEnd> {
    await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config))
    return runCommand('config', 'check', '--config', file)
  }

  it('config check: a file that is right is told so, with its warnings, and nothing is left behind', async () => {
    const scraps = () => readdirSync(tmpdir()).filter((name) => name.startsWith('interlingua-check-')).length
    const before = scraps()
    const { code, output } = await check({ providers: [{ name: 'groq', api_key: 'k' }], prot: 1 })
    expect(code).to.equal(0)
    expect(output).to.contain('is right: 1 providers, 0 groups, 0 MCP servers.')
    expect(output).to.match(/warning: \S+config\.json:1:\d+: prot is no known setting.*port/)
    expect(scraps()).to.equal(before)
    expect(readdirSync(directory)).to.deep.equal(['config.json'])
  })

  const WRONG = [
    [
      'a value of the wrong kind',
      '{\n  "port": "x",\n  "providers": [{}]\n}',
      [/config\.json:2:\d+: port must be/, /config\.json:3:\d+: providers\.0\.name is required/],
    ],
    ['what is no JSON', '{\n  "port": \n}', [/config\.json:\d+:\d+: /]],
    [
      'a target without a provider',
      '{ "routes": { "default": "nobody/m" } }',
      [/config\.json: groups\.default\.routes\.default/],
    ],
    ['a file that is not there', undefined, [/does not exist/]],
  ] as const
  for (const [title, text, words] of WRONG) {
    it(`config check: ${title} ends with 1 and tells where`, async () => {
      const { code, errors } =
        text === undefined ? await runCommand('config', 'check', '--config', file) : await check(text)
      expect(code).to.equal(1)
      for (const word of words) expect(errors).to.match(word)
    })
  }

  it('import: prints what another program has as a file of ours, which the check finds right', async () => {
    const yaml =
      'model_list:\n  - model_name: fast\n    litellm_params: { model: groq/llama, api_key: os.environ/GROQ, tpm: 5 }\n'
    await writeFile(join(directory, 'litellm.yaml'), yaml)
    const { code, output, errors } = await runCommand('import', join(directory, 'litellm.yaml'))
    expect(code).to.equal(0)
    expect(errors).to.match(/^left out: model_list\.0\.litellm_params\.tpm /m)
    expect(JSON.parse(output).providers[0].name).to.equal('groq')
    await writeFile(file, output)
    process.env['GROQ'] = 'k'
    const checked = await runCommand('config', 'check', '--config', file)
    delete process.env['GROQ']
    expect(checked.code, checked.errors).to.equal(0)
    const unknown = await runCommand('import', file)
    expect([unknown.code, unknown.errors]).to.deep.equal([
      1,
      `interlingua: ${file} is of no program that is known here: say whose it is with --from.\n`,
    ])
  })

  it('keys and switch: a gateway that runs obeys within a second', async () => {
    const groups = { team: { aliases: { fast: 'groq/m' } } }
    await writeFile(file, JSON.stringify({ providers: [{ name: 'groq', api_key: 'k' }], groups }))
    const args = ['start', '--port', '0', '--config', file, '--data-dir', directory]
    const url = await runProgram(closing, args).ready
    expect((await manage('switch', 'Team')).output).to.equal('team\n')
    const added = await manage('keys', 'add', 'ann', '--group', 'TEAM', '--expires', '2099-01-01')
    expect(added.output).to.match(/^il-[\w-]{43}\n$/)
    expect(added.errors).to.contain('does not open the management API')
    expect((await manage('keys', 'list')).output).to.equal(
      `ann  …${added.output.trim().slice(-4)}  groups team  until 2099-01-01T00:00:00.000Z\n`,
    )
    const status = async (path: string) => {
      const answer = await fetch(url + path, { headers: { 'x-api-key': added.output.trim() } })
      await answer.text()
      return answer.status
    }
    // Told by polling: there is no event that another process could send.
    while ((await fetch(`${url}/v1/models`)).status !== 401) await new Promise((resolve) => setTimeout(resolve, 50))
    expect([await status('/switch/v1/models'), await status('/v1/models')]).to.deep.equal([200, 403])
    expect((await manage('keys', 'remove', 'ann')).output).to.equal('removed ann\n')
    expect((await manage('keys', 'list')).output).to.equal('')
  })

  it('keys and switch: what there is not is told in one line, and nothing is changed', async () => {
    expect((await manage('switch')).output).to.equal('default\n')
    expect((await manage('switch', 'dmo')).errors).to.equal('interlingua: There is no group dmo. Did you mean demo?\n')
    const none = await manage('keys', 'add', 'bob', '--group', 'nobody')
    expect([none.code, none.output, none.errors]).to.deep.equal([1, '', 'interlingua: There is no group nobody.\n'])
    expect((await manage('keys', 'remove', 'ann')).errors).to.equal('interlingua: There is no key ann.\n')
  })
})
