import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { createClosing, makeTempDir } from '../../support/close-all.ts'
import { startGateway } from '../../support/gateway.ts'
import { runProgram } from '../../support/program.ts'

const REQUEST = {
  model: 'claude-sonnet-4-5',
  max_tokens: 100,
  top_k: 5,
  system: 'Be brief.',
  messages: [{ role: 'user', content: 'Hi' }],
}

describe('interlingua explain', function () {
  this.timeout(20_000)
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('prints the body that a back end would be sent, and each loss with its reason', async () => {
    const file = join(await makeTempDir(closing), 'request.json')
    await writeFile(file, JSON.stringify(REQUEST))
    const program = runProgram(closing, [
      'explain',
      file,
      '--from',
      'anthropic',
      '--to',
      'openai-chat',
      '--model',
      'gpt-x',
    ])
    const { code, output, errors } = await program.ended
    expect([code, errors]).to.deep.equal([0, ''])
    expect(output).to.match(/^POST \/v1\/chat\/completions\n/)
    const body = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1))
    expect(body.model).to.equal('gpt-x')
    expect(body.messages).to.deep.equal([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ])
    expect(output).to.match(/dropped settings\.topK: /)
  })

  it('says what is wrong with a request, a file or a protocol in one line', async () => {
    const file = join(await makeTempDir(closing), 'request.json')
    await writeFile(file, '{"model": "m"}')
    const rows: [string[], RegExp][] = [
      [[file, '--from', 'anthropic', '--to', 'openai-chat'], /messages/],
      [['/nonexistent.json', '--from', 'anthropic', '--to', 'openai-chat'], /nonexistent/],
      [[file, '--from', 'latin', '--to', 'openai-chat'], /latin/],
    ]
    for (const [args, message] of rows) {
      const { code, errors } = await runProgram(closing, ['explain', ...args]).ended
      expect(code).to.equal(1)
      expect(errors)
        .to.match(message)
        .and.not.match(/^\s+at /m)
    }
  })

  it('answers the same over HTTP', async () => {
    const gateway = await startGateway(closing)
    const explain = async (body: object) => {
      const response = await fetch(`${gateway.url}/admin/explain`, { method: 'POST', body: JSON.stringify(body) })
      return { status: response.status, json: (await response.json()) as any }
    }
    const told = await explain({ from: 'anthropic', to: 'openai-chat', model: 'gpt-x', request: REQUEST })
    expect(told.status).to.equal(200)
    expect(told.json.path).to.equal('/v1/chat/completions')
    expect(told.json.body.model).to.equal('gpt-x')
    expect(told.json.losses.map((loss: any) => loss.path)).to.deep.equal(['settings.topK'])
    const wrong = await explain({ from: 'anthropic', to: 'latin', request: REQUEST })
    expect([wrong.status, wrong.json.error.details.field]).to.deep.equal([400, 'to'])
    const broken = await explain({ from: 'anthropic', to: 'openai-chat', request: { model: 'm' } })
    expect([broken.status, broken.json.error.details.field]).to.deep.equal([400, 'request.messages'])
  })
})
