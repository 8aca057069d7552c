import { expect } from 'chai'
import fc from 'fast-check'
import { codecs } from '../../../../protocols/index.ts'
import type { Message } from '../../../../protocols/ir/message.ts'
import type { ChatRequest } from '../../../../protocols/ir/request.ts'
import type { FunctionTool } from '../../../../protocols/ir/tool.ts'
import type { GroupPolicy, PromptInjection } from '../../../../src/config/group-policy.ts'
import { mergeBody } from '../../../../src/gateway/shaping/merge-body.ts'
import { shaperOf } from '../../../../src/gateway/shaping/shaper.ts'

const says = (role: Message['role'], ...texts: readonly string[]): Message => ({
  role,
  parts: texts.map((text) => ({ type: 'text', text })),
})
const tool = (name: string): FunctionTool => ({ type: 'function', name })
const request = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'm',
  messages: [says('user', 'hi')],
  settings: {},
  stream: false,
  ...more,
})
const glance = {
  model: 'asked-model',
  stream: false,
  thinking: false,
  needs: { tools: false, images: false, audio: false, files: false },
  textBytes: 10,
}

function shape(policy: GroupPolicy, given: ChatRequest, route = {}, asked = 'asked-model') {
  return shaperOf(policy).shape(given, asked, route)
}

describe('the prompt of a group', () => {
  const enhance: PromptInjection = { mode: 'enhance', position: 'system', text: 'Be kind.' }

  it('CS22 joins the last of the leading instructions, whatever their number and role', () => {
    const messages = [says('system', 'A', 'B'), says('developer', 'C'), says('user', 'hi'), says('system', 'late')]
    const { request: shaped, losses } = shape({ prompt: enhance }, request({ messages }))
    expect(shaped.messages).to.deep.equal([
      says('system', 'A', 'B'),
      says('developer', 'C\n\nBe kind.'),
      says('user', 'hi'),
      says('system', 'late'),
    ])
    expect(losses).to.deep.equal([])
  })

  it('defect 12: the instructions of a client that sends them as a list of blocks all stay', () => {
    const anthropic = codecs.find((codec) => codec.name === 'anthropic')
    if (anthropic === undefined) throw new Error('no codec for Anthropic')
    const body = {
      model: 'm',
      max_tokens: 5,
      system: [
        { type: 'text', text: 'first' },
        { type: 'text', text: 'second', cache_control: { type: 'ephemeral' } },
      ],
      messages: [{ role: 'user', content: 'hi' }],
    }
    const endpoint = anthropic.endpoints.find((one) => one.operation === 'chat')
    if (endpoint === undefined) throw new Error('no chat')
    const wire = { endpoint, params: {}, query: new URLSearchParams(), headers: {} }
    const decoded = anthropic.request.decode(wire, body).value
    const encoded = anthropic.request.encode(shape({ prompt: enhance }, decoded).request, {})
    expect(encoded.body).to.deep.equal({
      ...body,
      system: [body.system[0], { type: 'text', text: 'second\n\nBe kind.', cache_control: { type: 'ephemeral' } }],
    })
  })

  it('is the only instruction where there is none', () => {
    const { request: shaped } = shape({ prompt: enhance }, request())
    expect(shaped.messages).to.deep.equal([says('system', 'Be kind.'), says('user', 'hi')])
  })

  it('stands instead of all instructions when it is to replace them, and says so', () => {
    const messages = [says('system', 'A'), says('user', 'hi'), says('developer', 'B'), says('user', 'ho')]
    const { request: shaped, losses } = shape({ prompt: { ...enhance, mode: 'replace' } }, request({ messages }))
    expect(shaped.messages).to.deep.equal([says('system', 'Be kind.'), says('user', 'hi'), says('user', 'ho')])
    expect(losses.map(({ path, effect }) => [path, effect])).to.deep.equal([
      ['messages.0', 'changed'],
      ['messages.2', 'changed'],
    ])
  })

  it('defect 25: an empty one replaces nothing', () => {
    const messages = [says('system', 'A'), says('user', 'hi')]
    const { request: shaped } = shape({ prompt: { ...enhance, mode: 'replace', text: ' \n' } }, request({ messages }))
    expect(shaped.messages).to.deep.equal(messages)
  })

  it('stands before the last words of the user, behind what tools answered', () => {
    const result: Message = {
      role: 'user',
      parts: [
        { type: 'tool-result', callId: 'a', name: 'f', content: [{ type: 'text', text: '1' }] },
        { type: 'text', text: 'and?' },
      ],
    }
    const tools: Message = { role: 'user', parts: result.parts.slice(0, 1) }
    const { request: shaped } = shape(
      { prompt: { ...enhance, position: 'user' } },
      request({ messages: [says('user', 'one'), result, tools] }),
    )
    expect(shaped.messages).to.deep.equal([
      says('user', 'one'),
      { role: 'user', parts: [result.parts[0], { type: 'text', text: 'Be kind.\n\nand?' }] },
      tools,
    ])
  })

  it('becomes a part of its own before a picture', () => {
    const picture: Message = {
      role: 'user',
      parts: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
    }
    const { request: shaped } = shape({ prompt: { ...enhance, position: 'user' } }, request({ messages: [picture] }))
    expect(shaped.messages[0]?.parts).to.deep.equal([{ type: 'text', text: 'Be kind.' }, ...picture.parts])
  })

  it('goes to the instructions when no user has said anything', () => {
    const { request: shaped } = shape(
      { prompt: { ...enhance, position: 'user' } },
      request({ messages: [says('assistant', 'hello')] }),
    )
    expect(shaped.messages).to.deep.equal([says('system', 'Be kind.'), says('assistant', 'hello')])
  })

  for (const [asked, added] of [
    ['claude-opus-4', true],
    ['gpt-4o', false],
  ] as const) {
    it(`CS23 lesson 21: for patterns of models ${added ? 'meets' : 'leaves'} ${asked}`, () => {
      const policy = { prompt: { ...enhance, models: ['claude-*', 'o?'] } }
      expect(shape(policy, request(), {}, asked).request.messages).to.have.length(added ? 2 : 1)
      expect(shaperOf(policy).changes({ ...glance, model: asked })).to.equal(added)
    })
  }

  it('is put at the same place in each turn of a conversation, so that what comes before is written the same', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
        const messages = [says('system', 'S'), ...texts.map((text) => says('user', text))]
        const before = shape({ prompt: enhance }, request({ messages })).request.messages
        const after = shape({ prompt: enhance }, request({ messages: [...messages, says('assistant', 'x')] }))
        expect(after.request.messages.slice(0, before.length)).to.deep.equal(before)
      }),
    )
  })
})

describe('replacements in the prompt', () => {
  it('CS24 are literal, hold everywhere in the instructions and nowhere else', () => {
    const messages = [says('system', 'You are $1 and $1.'), says('user', '$1'), says('developer', 'a.c abc')]
    const policy: GroupPolicy = {
      promptReplacements: [
        { find: '$1', replace: '$&!' },
        { find: 'a.c', replace: '' },
        { find: '', replace: 'never' },
      ],
    }
    const { request: shaped } = shape(policy, request({ messages }))
    expect(shaped.messages).to.deep.equal([
      says('system', 'You are $&! and $&!.'),
      says('user', '$1'),
      says('developer', ' abc'),
    ])
  })
})

describe('the tool filter of a group', () => {
  const tools = [tool('Bash'), tool('WebFetch'), tool('WebSearch')]

  it('CS21 takes tools out by pattern, and tells which', () => {
    const given = request({ tools, toolChoice: { type: 'required' }, parallelToolCalls: false })
    const { request: shaped, losses } = shape({ toolFilter: ['Web*'] }, given)
    expect(shaped.tools).to.deep.equal([tool('Bash')])
    expect(shaped.toolChoice).to.deep.equal({ type: 'required' })
    expect(shaped.parallelToolCalls).to.equal(false)
    expect(losses.map(({ path }) => path)).to.deep.equal(['tools.1', 'tools.2'])
  })

  it('lesson 36: takes the choice out with the last tool', () => {
    const given = request({ tools, toolChoice: { type: 'tool', name: 'Bash' }, parallelToolCalls: true })
    const { request: shaped } = shape({ toolFilter: ['*'] }, given)
    expect(shaped).not.to.have.any.keys('tools', 'toolChoice', 'parallelToolCalls')
  })

  for (const [choice, left] of [
    [
      { type: 'tool', name: 'Bash' },
      { type: 'tool', name: 'Bash' },
    ],
    [{ type: 'tool', name: 'WebFetch' }, { type: 'auto' }],
    [
      { type: 'allowed', mode: 'auto', names: ['Bash', 'WebFetch'] },
      { type: 'allowed', mode: 'auto', names: ['Bash'] },
    ],
    [{ type: 'allowed', mode: 'required', names: ['WebFetch'] }, { type: 'none' }],
  ] as const) {
    it(`leaves of the choice ${JSON.stringify(choice)} what can be met`, () => {
      const { request: shaped } = shape({ toolFilter: ['Web*'] }, request({ tools, toolChoice: choice }))
      expect(shaped.toolChoice).to.deep.equal(left)
    })
  }

  it('lets bytes pass that tell of no tools', () => {
    const shaper = shaperOf({ toolFilter: ['*'] })
    expect(shaper.changes(glance)).to.equal(false)
    expect(shaper.changes({ ...glance, needs: { ...glance.needs, tools: true } })).to.equal(true)
  })
})

describe('settings of a group', () => {
  it('CS26 A100 fill in behind the route, which fills in behind the client', () => {
    const given = request({ settings: { temperature: 0.1 } })
    const policy = { parameters: { temperature: 0.9, topP: 0.5, topK: 3 } }
    const { request: shaped } = shape(policy, given, { temperature: 0.7, topP: 0.6 })
    expect(shaped.settings).to.deep.equal({ temperature: 0.1, topP: 0.6, topK: 3 })
  })

  for (const [own, ratio, left] of [
    [0.7, 1.1, 0.77],
    [1.5, 2, 2],
    [0, 3, 0],
    [undefined, 3, undefined],
  ] as const) {
    it(`CS25 multiply the temperature ${own} of the client by ${ratio}`, () => {
      const settings = own === undefined ? {} : { temperature: own }
      const { request: shaped } = shape({ temperatureRatio: ratio }, request({ settings }))
      expect(shaped.settings.temperature).to.equal(left)
    })
  }

  it('let the bytes pass when a group has none', () => {
    for (const policy of [{}, { parameters: {} }, { headers: { 'x-team': 'a' } }, { promptReplacements: [] }]) {
      expect(shaperOf(policy).changes(glance), JSON.stringify(policy)).to.equal(false)
    }
  })

  it('are compiled once for one state of a group', () => {
    const policy = { toolFilter: ['a'] }
    expect(shaperOf(policy)).to.equal(shaperOf(policy))
  })
})

describe('fields of a group for the body', () => {
  it('CS27 join objects, take the place of everything else, and leave the body as it was', () => {
    const body = Object.freeze({ a: 1, options: Object.freeze({ num_ctx: 1, top_k: 2 }), list: [1] })
    const merged = mergeBody(body, { a: 2, options: { num_ctx: 9, deep: { er: true } }, list: [2], extra: null })
    expect(merged).to.deep.equal({
      a: 2,
      options: { num_ctx: 9, top_k: 2, deep: { er: true } },
      list: [2],
      extra: null,
    })
  })
})
