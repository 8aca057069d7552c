/** What went wrong in the compat mode that was there before ours, tried through the whole gateway, in its own dialect. */
import Anthropic from '@anthropic-ai/sdk'
import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiFrames, openaiStream } from '../support/openai-fake.ts'
import { AGENTS, type AgentTool } from './agents.ts'

const TOOL: AgentTool = {
  name: 'edit',
  description: 'Edits.',
  parameters: {
    type: 'object',
    properties: {
      path: { type: 'string' },
      input: { type: 'string' },
      link: { type: 'string' },
      line: { type: 'integer' },
    },
  },
}
const use = (args: string, end = '</cs:tool_use>'): string => `<cs:tool_use><name>edit</name><args>${args}</args>${end}`
const arg = (name: string, value: string): string => `<arg name="${name}" type="string">${value}</arg>`

type Row = readonly [title: string, says: string, calls: readonly object[], text: string]
const ROWS: readonly Row[] = [
  [
    'lesson 69: code with angle brackets is no HTML',
    use(arg('input', 'fn f() -> Result<String, Vec<u8>> { a && b }')),
    [{ input: 'fn f() -> Result<String, Vec<u8>> { a && b }' }],
    '',
  ],
  ['lesson 70: integers stay whole', use('<arg name="line" type="number">3</arg>'), [{ line: 3 }], ''],
  ['lesson 70: what is no number stays text', use('<arg name="line" type="int">three</arg>'), [{ line: 'three' }], ''],
  [
    'lesson 71: names of empty HTML elements are names like others',
    use('<link>a</link><input>B</input>'),
    [{ link: 'a', input: 'B' }],
    '',
  ],
  ['lesson 72: closing tags may stand twice', `${use(arg('path', 'a'))}</args></cs:tool_use>`, [{ path: 'a' }], ''],
  [
    'lesson 73: arguments may close themselves, with any quotes or none',
    use(`<arg name='path' value='a b'/><arg name=input type=string>c</arg>`),
    [{ path: 'a b', input: 'c' }],
    '',
  ],
  [
    'lesson 74, defect 17: a missing end is completed, and the text before it is told once',
    `Let me.\n${use(arg('path', 'a'), '')}`,
    [{ path: 'a' }],
    'Let me.',
  ],
  [
    'lesson 75: text around calls is told once, in its order',
    `One.\n${use(arg('path', 'a'))}\nTwo.\n${use(arg('path', 'b'))}\nThree.`,
    [{ path: 'a' }, { path: 'b' }],
    'One.\n\nTwo.\n\nThree.',
  ],
  [
    'lesson 76: plain text that looks like tags is plain text, line breaks and all',
    'Write <cs:tool_user> or `<cs:tool_use>`;\n\n\tx < y </b>\n<tool>\nend',
    [],
    'Write <cs:tool_user> or `<cs:tool_use>`;\n\n\tx < y </b>\n<tool>\nend',
  ],
  [
    'lesson 78: several calls, none cut, letters of all kinds',
    `${use(arg('path', 'é🙂'))}${use(arg('path', '漢字'))}`,
    [{ path: 'é🙂' }, { path: '漢字' }],
    '',
  ],
  [
    'defect 6: a closing tag in a value is part of it',
    use(arg('input', 'say </arg> literally')),
    [{ input: 'say </arg> literally' }],
    '',
  ],
  [
    'defect 6: an argument without an end behind letters beyond ASCII is neither lost nor fatal',
    '<cs:tool_use><name>edit</name><args><arg name="path">é</arg>\u3000\n<arg name="input">漢</args></cs:tool_use>',
    [{ path: 'é', input: '漢' }],
    '',
  ],
]

describe('compat mode: lessons', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('lesson 75: plain text and arguments reach the client before the back end has said all', async () => {
    const text = [
      'Plain text. ',
      '<cs:tool_use><name>edit</name><args><arg name="input">first line',
      '</arg></args></cs:tool_use>',
    ]
    const frames = openaiFrames({ text })
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const steps = frames.flatMap((frame, index) => [
      frame,
      ...(gates[index - 1] === undefined ? [] : [gates[index - 1]!.promise]),
    ])
    const provider = closing.add(await startFakeProvider(() => ({ kind: 'stream', steps })), (fake) => fake.close())
    const models = [{ name: 'my-model', tool_dialect: 'chatspeed' }]
    const gateway = await startGateway(closing, {
      providers: [{ name: 'acme', protocol: 'openai-chat', api_base_url: provider.url, models }],
    })
    const client = new Anthropic({ baseURL: `${gateway.url}/compat_mode`, apiKey: 'k', maxRetries: 0 })
    const stream = await client.messages.create({
      model: 'my-model',
      max_tokens: 100,
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ name: TOOL.name, input_schema: TOOL.parameters }],
    })
    let said = ''
    let args = ''
    // Whoever held anything back would wait for ever.
    for await (const event of stream) {
      if (event.type !== 'content_block_delta') continue
      if (event.delta.type === 'text_delta') said += event.delta.text
      if (event.delta.type === 'input_json_delta') args += event.delta.partial_json
      if (said.trim() === 'Plain text.') gates[0]?.resolve()
      if (args.includes('first')) gates[1]?.resolve()
    }
    expect(JSON.parse(args)).to.deep.equal({ input: 'first line' })
  })

  for (const [title, says, calls, text] of ROWS) {
    for (const client of ['anthropic', 'openai-chat']) {
      it(`lesson 77: ${title} (${client})`, async () => {
        const said = { text: [...says] }
        const provider = closing.add(
          await startFakeProvider(({ json }) => (json.stream === true ? openaiStream(said) : openaiAnswer(said))),
          (fake) => fake.close(),
        )
        const models = [{ name: 'my-model', tool_dialect: 'chatspeed' }]
        const gateway = await startGateway(closing, {
          providers: [{ name: 'acme', protocol: 'openai-chat', api_base_url: provider.url, models }],
        })
        for (const stream of [false, true]) {
          const agent = AGENTS[client]
          const turn = await agent?.start(`${gateway.url}/compat_mode`, [TOOL], stream).ask()
          expect(turn?.calls.map(({ args }) => args)).to.deep.equal(calls)
          expect(turn?.text.trim()).to.equal(text)
          expect(turn?.finish).to.equal(agent?.finishes[calls.length > 0 ? 0 : 1])
        }
      })
    }
  }
})
