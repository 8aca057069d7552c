/** What Claude Code sends beyond the plain API, and what becomes of it elsewhere. */
import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { WireRequest } from '../../../protocols/codec.ts'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'

const WIRE: WireRequest = {
  endpoint: { method: 'POST', path: '/v1/messages', operation: 'chat' },
  params: {},
  query: new URLSearchParams(),
  headers: {},
}
const BILLING = { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1; cch=1a2b3;' }
const PROMPT = { type: 'text', text: 'You are an agent.', cache_control: { type: 'ephemeral' } }
const REFERENCE = { type: 'tool_reference', tool_name: 'WebFetch' }
const tool = (name: string, more: object = {}) => ({ name, input_schema: { type: 'object' }, ...more })

const REQUEST = {
  model: 'm',
  max_tokens: 9,
  system: [BILLING, PROMPT],
  tools: [
    tool('Read'),
    tool('WebFetch', { defer_loading: true }),
    tool('DeferredToolPlaceholder', { defer_loading: true }),
  ],
  messages: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'ToolSearch', input: {} }] },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't1', content: [REFERENCE, { type: 'text', text: 'Tool loaded.' }] },
      ],
    },
  ],
}

const decode = (body: object) => anthropic.request.decode(WIRE, body).value
const glance = (body: object) => anthropic.request.glance(WIRE, Buffer.from(JSON.stringify(body)))

describe('Claude Code over other back ends', () => {
  it('K14, trap 147: the billing line of the system text goes to Anthropic only', () => {
    expect(anthropic.request.encode(decode(REQUEST), {}).body).to.deep.include({ system: REQUEST.system })
    const { body, losses } = openaiChat.request.encode(decode(REQUEST), {})
    expect(JSON.stringify(body)).to.contain('You are an agent.').and.not.contain('billing')
    expect(losses.map((loss) => loss.path)).to.include('messages.0.parts.0')
  })

  it('K20, K21: a deferred tool is in sight elsewhere once it has been looked up, and not before', () => {
    expect(anthropic.request.encode(decode(REQUEST), {}).body['tools']).to.deep.equal(REQUEST.tools)
    const { body, losses } = openaiChat.request.encode(decode(REQUEST), {})
    const names = (body['tools'] as { function: { name: string } }[]).map((one) => one.function.name)
    expect(names).to.deep.equal(['Read', 'WebFetch'])
    expect(losses.some((loss) => loss.path === 'tools.2' && loss.effect === 'dropped')).to.equal(true)
  })

  it('where the back end searches the tools itself, elsewhere all of them are in sight', () => {
    const search = { type: 'tool_search_tool_regex_20251119', name: 'tool_search_tool_regex' }
    const { body } = openaiChat.request.encode(decode({ ...REQUEST, tools: [...REQUEST.tools, search] }), {})
    expect(body['tools']).to.have.length(3)
  })

  const HI = { role: 'user', content: 'Hi' }
  const thought = (signature: string) => ({
    role: 'assistant',
    content: [{ type: 'thinking', thinking: 'hm', signature }],
  })
  const IRREGULAR: readonly (readonly [title: string, change: object])[] = [
    [
      'A157: tools in the shape of the other API',
      { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] },
    ],
    ['A141: a tool choice that is a bare word', { tool_choice: 'auto' }],
    ['X20: thinking as a plain switch', { thinking: true }],
    ['X29, A144: fields that this API refuses', { thinkingBudget: 5 }],
    ['A149: penalties', { frequency_penalty: 0.5 }],
    ['A208: no limit of tokens', { max_tokens: undefined }],
    ['trap 87: proofs of thoughts that another vendor gave', { messages: [HI, thought('sealed:signature:gemini:x')] }],
  ]
  for (const [title, change] of IRREGULAR) {
    it(`${title} cannot be relayed as they are`, () => {
      expect(glance({ ...REQUEST, ...change }).irregular).to.equal(true)
    })
  }

  it('a request as the API has it can be relayed, whatever new fields it holds', () => {
    expect(glance({ ...REQUEST, tomorrow: 1 }).irregular).to.equal(undefined)
    expect(glance({ ...REQUEST, messages: [HI, thought('EqMC')] }).irregular).to.equal(undefined)
  })
})
