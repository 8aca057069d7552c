import { expect } from 'chai'
import { checkLosses } from './check-losses.ts'
import { checkReport } from './check-report.ts'
import { checkSent } from './check-sent.ts'
import { anthropic } from './clients/anthropic.ts'
import type { Report } from './clients/client.ts'
import { NOT_BY_NATURE } from './not-by-nature.ts'
import { SCENARIOS } from './scenarios.ts'

const SIDES = { client: 'openai-chat', backEnd: 'anthropic', stream: false }

/** A request that is right in all. */
const CAME = {
  model: 'acme-large',
  max_tokens: 77,
  messages: [
    { role: 'user', content: 'Hi' },
    {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 'a', name: 'one', input: { free: { form: 1 } } },
        { type: 'tool_use', id: 'b', name: 'two', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'a', content: 'of one' },
        { type: 'tool_result', tool_use_id: 'b', content: 'of two' },
      ],
    },
  ],
}
const ASK = {
  model: 'my-model',
  turns: [
    { role: 'user' as const, text: 'Hi' },
    {
      role: 'assistant' as const,
      calls: [
        { id: 'x', name: 'one', input: { free: { form: 1 } } },
        { id: 'y', name: 'two', input: {} },
      ],
    },
    {
      role: 'tool' as const,
      results: [
        { id: 'x', name: 'one', text: 'of one' },
        { id: 'y', name: 'two', text: 'of two' },
      ],
    },
  ],
  maxTokens: 77,
}

describe('the checks of conformance', () => {
  const check = (change: (json: any) => void) => () => {
    const json = structuredClone(CAME)
    change(json)
    checkSent({ json, path: '/v1/messages' }, ASK, 'acme-large', SIDES)
  }

  it('let a right request pass, whatever its ids', () => {
    check(() => {})()
    check((json) => {
      json.messages[1].content[0].id = 'other'
      json.messages[2].content[0].tool_use_id = 'other'
    })()
  })

  const WRONGS: Readonly<Record<string, (json: any) => void>> = {
    "a member of the client's protocol": (json) => {
      json.max_completion_tokens = 77
    },
    'such a member deep inside': (json) => {
      json.messages[2].content[0].tool_call_id = 'a'
    },
    'the name that the client uses for the model': (json) => {
      json.model = 'my-model'
    },
    'results that are exchanged': (json) => {
      json.messages[2].content[0].tool_use_id = 'b'
      json.messages[2].content[1].tool_use_id = 'a'
    },
    'a result of no call': (json) => {
      json.messages[2].content[0].tool_use_id = 'c'
    },
    'a result that is left out': (json) => {
      json.messages[2].content.pop()
    },
    'words before a result': (json) => {
      json.messages[2].content.unshift({ type: 'text', text: 'well' })
    },
    'words that nobody said': (json) => {
      json.messages.push({ role: 'user', content: 'Begin.' })
    },
    'another limit': (json) => {
      json.max_tokens = 78
    },
    'a setting that nobody asked for': (json) => {
      json.temperature = 1
    },
    'a stream that was not asked for': (json) => {
      json.stream = true
    },
  }
  for (const [title, change] of Object.entries(WRONGS)) {
    it(`do not let pass ${title}`, () => {
      expect(check(change)).to.throw()
    })
  }

  it('hold a report against what was said, in each member', () => {
    const said = { text: ['a', 'b'], usage: { input: 3, output: 4 } }
    const right: Report = { text: 'ab', reasoning: '', calls: [], finish: 'end_turn', input: 3, output: 4, cached: 0 }
    checkReport(right, said, anthropic)
    const wrongs: readonly Partial<Report>[] = [
      { text: 'a' },
      { reasoning: 'hm' },
      { calls: [{ id: 'a', name: 'one', input: {} }] },
      { finish: 'tool_use' },
      { input: 2 },
      { output: 5 },
      { cached: 1 },
    ]
    for (const wrong of wrongs) {
      expect(() => checkReport({ ...right, ...wrong }, said, anthropic), JSON.stringify(wrong)).to.throw()
    }
  })

  it('do not let a loss pass that is none, nor one that nobody told', () => {
    const scenario = { name: 'one', ask: { ...ASK, unknown: 'x' }, said: {} }
    checkLosses(['x_conformance_sentinel', 'usage.extra'], scenario, true)
    checkLosses([], scenario, false)
    expect(() => checkLosses([], scenario, true)).to.throw('told of')
    expect(() => checkLosses(['settings.seed'], scenario, false)).to.throw('losses that are none')
  })

  it('excuse only scenarios that there are, each of which has a name of its own', () => {
    const names = SCENARIOS.map(({ name }) => name)
    expect(new Set(names).size).to.equal(names.length)
    expect(names).to.include.members(NOT_BY_NATURE.flatMap(({ scenarios }) => scenarios))
  })
})
