import { expect } from 'chai'
import type { Part } from '../../../protocols/ir/part.ts'
import { openaiResponses } from '../../../protocols/openai-responses/index.ts'
import { decodeWith, encodeAnswer, encodeStream, WIRE } from './exchange.ts'
import { asksForAnswer, hasRecordings, loadSchema, readRecordings, skipWithout } from './recordings.ts'

const SAID: Part = { type: 'text', text: 'Hello.' }
const ANSWER = { choices: [{ index: 0, parts: [SAID], finish: { reason: 'stop' as const } }] }

/** What an answer of another protocol's back end repeats of a request with these members. */
function echoOf(members: object): any {
  return encodeAnswer(ANSWER, { request: decodeWith(members) }).body
}

const LOOK = { type: 'function', name: 'look', description: 'd', parameters: { type: 'object' }, strict: false }
const SCHEMA = { type: 'object', properties: { a: { type: 'string' } } }

const ROWS: readonly (readonly [title: string, asked: object, told?: object])[] = [
  ['instructions', { instructions: 'Be brief.' }],
  ['what tunes the answer', { temperature: 0, top_p: 0.5, max_output_tokens: 5, top_logprobs: 2 }],
  ['what the caller attached', { metadata: { a: 'b' }, user: 'u', prompt_cache_key: 'k' }],
  ['the caller by the newer name', { safety_identifier: 's' }],
  ['parallel calls', { parallel_tool_calls: false }],
  ['tools, and the choice of one', { tools: [LOOK], tool_choice: { type: 'function', name: 'look' } }],
  ['a choice in a word', { tools: [LOOK], tool_choice: 'required' }],
  [
    'a tool that says little',
    { tools: [{ type: 'function', name: 'look' }] },
    { tools: [{ type: 'function', name: 'look', parameters: null, strict: null }] },
  ],
  [
    'groups and custom tools',
    {
      tools: [
        { type: 'namespace', name: 'eyes', description: 'd', tools: [LOOK] },
        { type: 'custom', name: 'exec', format: { type: 'text' } },
      ],
    },
  ],
  ['a tool that only the API runs', { tools: [{ type: 'web_search', search_context_size: 'low' }] }],
  ['the form of the answer', { text: { format: { type: 'json_schema', name: 'n', schema: SCHEMA, strict: false } } }],
  ['how much is said', { text: { verbosity: 'low' } }, { text: { format: { type: 'text' }, verbosity: 'low' } }],
  ['thought', { reasoning: { effort: 'low' } }, { reasoning: { effort: 'low', summary: null } }],
  ['members that nobody else has', { truncation: 'auto', max_tool_calls: 3 }],
]

describe('what an answer of Responses repeats of its request', () => {
  for (const [title, asked, told = asked] of ROWS) {
    it(`Q52: ${title}`, () => expect(echoOf(asked)).to.deep.include(told))
  }

  it('Q52: is there from the first event on, and in the last', () => {
    const asked = { instructions: 'Be brief.', temperature: 0, tools: [LOOK], metadata: { a: 'b' } }
    const { events } = encodeStream(
      [
        { type: 'start' },
        { type: 'part-start', part: 0, choice: 0, head: { type: 'text' } },
        { type: 'part-delta', part: 0, choice: 0, delta: { text: 'Hello.' } },
        { type: 'part-end', part: 0, choice: 0 },
        { type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] },
      ],
      { request: decodeWith(asked) },
    )
    const answers = events.filter((event: any) => event.response !== undefined)
    expect(answers.map((event: any) => event.type)).to.deep.equal([
      'response.created',
      'response.in_progress',
      'response.completed',
    ])
    for (const { response } of answers) expect(response).to.deep.include(asked)
  })

  it('is what the back end said, where that has the same protocol', () => {
    const echo = { protocol: 'openai-responses', fields: { temperature: 0.7 } }
    expect(encodeAnswer({ ...ANSWER, echo }, { request: decodeWith({}) }).body).to.include({ temperature: 0.7 })
  })

  it('is what the client said of instructions and tools, where the back end was told others (tools in words)', () => {
    const asked = { instructions: 'Be brief.', tools: [LOOK], tool_choice: 'required', parallel_tool_calls: false }
    const told = [
      { instructions: 'Be brief.\n\n# Tools', tools: [], tool_choice: 'auto' },
      { instructions: 'Be brief.', tools: [], tool_choice: 'auto' },
      { instructions: 'You are ours.', tools: [LOOK], tool_choice: 'required' },
    ]
    for (const fields of told) {
      const echo = { protocol: 'openai-responses', fields: { temperature: 0.7, ...fields } }
      const { body } = encodeAnswer({ ...ANSWER, echo }, { request: decodeWith(asked) })
      expect(body).to.deep.include({ temperature: 0.7, ...asked })
    }
  })

  describe('as the real API does', () => {
    before(skipWithout)
    /** Members that the API repeats word for word. */
    const VERBATIM = [
      'instructions',
      'max_output_tokens',
      'metadata',
      'parallel_tool_calls',
      'temperature',
      'top_p',
      'max_tool_calls',
      'truncation',
      'user',
      'safety_identifier',
      'prompt_cache_key',
      'tool_choice',
    ]
    const recordings = hasRecordings ? readRecordings().filter(asksForAnswer) : []
    // Conversations that a server keeps are refused here.
    const exchanges = recordings.filter(
      ({ request, response }) => request?.body.conversation === undefined && response.body?.object === 'response',
    )
    const check = hasRecordings ? loadSchema('response') : () => undefined

    for (const { id, request, response } of exchanges) {
      it(`Q52: ${id}`, () => {
        const body = request?.body
        const told = encodeAnswer(ANSWER, { request: openaiResponses.request.decode(WIRE, body).value }).body
        for (const name of VERBATIM) {
          // What the client said and the API repeated as it was said.
          if (body[name] === undefined || body[name] === null || response.body[name] === undefined) continue
          if (JSON.stringify(body[name]) !== JSON.stringify(response.body[name])) continue
          expect(told[name], name).to.deep.equal(response.body[name])
        }
        const names = (tools: readonly any[] = []) => tools.map((tool) => [tool.type, tool.name])
        expect(names(told.tools)).to.deep.equal(names(body.tools ?? []))
        expect(check(told)).to.equal(undefined)
      })
    }

    it('there are many of them', () => expect(exchanges.length).to.be.greaterThan(50))
  })
})
