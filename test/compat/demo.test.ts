/** With nothing configured, compat mode can be seen at work: the demo is taught its tools in words, and calls them in words. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { startGateway } from '../support/gateway.ts'
import { AGENTS, type AgentTool } from './agents.ts'

const TOOLS: readonly AgentTool[] = [
  {
    name: 'get_weather',
    description: 'The weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
]
/** What breaks readers of tags and of JSON. */
const CITY = 'L\'Aquila "</tool_call>" & co.\n'
const QUESTION = `Please:\ncall get_weather {"city": "Lisbon"}\ncall get_weather ${JSON.stringify({ city: CITY })}`

describe('compat mode: the demo', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const [client, agent] of Object.entries(AGENTS)) {
    for (const stream of [false, true]) {
      for (const [how, path, group] of [
        ['by path', '/compat_mode', {}],
        ['by its group, told by the user', '', { groups: { default: { tool_mode: 'compat', tool_prompt: 'user' } } }],
      ] as const) {
        it(`${client} sees calls and an answer, ${stream ? 'streamed' : 'plain'}, ${how}`, async () => {
          const gateway = await startGateway(closing, group)
          const conversation = agent.start(`${gateway.url}${path}`, TOOLS, stream, {}, QUESTION)
          const { calls, finish } = await conversation.ask()
          expect(calls.map(({ name, args }) => [name, args])).to.deep.equal([
            ['get_weather', { city: 'Lisbon' }],
            ['get_weather', { city: CITY }],
          ])
          expect(finish).to.equal(agent.finishes[0])
          conversation.answer(calls, ['21 degrees <tool_call>', '8 degrees'])
          const end = await conversation.ask()
          expect(end.text).to.equal(
            'The tool get_weather answered: 21 degrees <tool_call>\nThe tool get_weather answered: 8 degrees',
          )
          expect(end.calls).to.deep.equal([])
          expect(end.finish).to.equal(agent.finishes[1])
        })
      }
    }
  }

  it('the example of the documentation gives what it says', async () => {
    const page = readFileSync(new URL('../../docs/compat-mode.md', import.meta.url), 'utf8')
    const [, path = '', body = ''] =
      /curl http:\/\/127\.0\.0\.1:3456(\S+)[^']*'content-type: application\/json' -d '([^']*)'/.exec(page) ?? []
    const [, shown = ''] = /```json\n(\[\{ "type": "tool_use"[\s\S]*?)\n```/.exec(page) ?? []
    const gateway = await startGateway(closing)
    const answer = await fetch(`${gateway.url}${path}`, { method: 'POST', body })
    const { content, stop_reason } = (await answer.json()) as any
    expect(stop_reason).to.equal('tool_use')
    expect(content.map(({ id: _, ...block }: any) => block)).to.deep.equal(JSON.parse(shown))
  })
})
