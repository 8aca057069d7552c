import { expect } from 'chai'
import type { PartDelta, StreamEvent } from '../../../protocols/ir/event.ts'
import type { Tool } from '../../../protocols/ir/tool.ts'
import { DIALECT_NAMES } from '../../../src/compat/dialect-name.ts'
import { createListener } from '../../../src/compat/listen.ts'
import type { ListenerOptions } from '../../../src/compat/listener.ts'
import { createArgumentChecker } from '../../../src/compat/tools/argument-checker.ts'
import { hear } from '../../toolcall/hear.ts'
import { type FileCall, WRITE_FILE, WRITERS } from '../../toolcall/samples.ts'

const TOOLS: readonly Tool[] = [
  { type: 'function', ...WRITE_FILE, namespace: 'files' },
  { type: 'function', name: 'ping' },
  { type: 'freeform', name: 'patch' },
]
const PING = '<tool_call>{"name": "ping", "arguments": {}}</tool_call>'

function options(more: Partial<ListenerOptions> = {}): ListenerOptions {
  return { dialect: 'hermes', tools: TOOLS, ...more }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function told(events: readonly StreamEvent[], type: StreamEvent['type']): readonly StreamEvent[] {
  return events.filter((event) => event.type === type)
}

describe('the listener between a decoder and the grammar', () => {
  it('tells text before a call as one part, the call as the next, and text behind it as a third', () => {
    const { events } = hear(options(), [`One.${PING}Two.`])
    expect(events.map((event) => (event.type === 'part-start' ? event.head.type : event.type))).to.deep.equal([
      ...['text', 'part-delta', 'part-end', 'tool-call', 'part-delta', 'part-end'],
      ...['text', 'part-delta', 'part-end', 'finish'],
    ])
  })

  it('F14: tells the arguments as they come', () => {
    const { events } = hear(options(), [
      '<tool_call>{"name": "write_file", "arguments": {"path": "a", "content": "first ',
      'second ',
      'third"}}</tool_call>',
    ])
    const pieces = events.flatMap((event) =>
      event.type === 'part-delta' && event.delta.arguments !== undefined ? [event.delta.arguments] : [],
    )
    expect(pieces).to.include('second ')
    expect(JSON.parse(pieces.join(''))).to.deep.equal({ path: 'a', content: 'first second third' })
  })

  it('F3: holds back no more than what may be a mark', () => {
    const { textAfter } = hear(options(), ['Hello <', 'b> and <tool_', '!'])
    expect(textAfter).to.deep.equal([6, 14, 21])
  })

  it('drops every call where the request allows none, and says so', () => {
    const { calls, text, listener } = hear(options({ toolChoice: { type: 'none' } }), [`A ${PING}`])
    expect(calls).to.deep.equal([])
    expect(text).to.equal('A ')
    expect(listener.losses.map(({ reason }) => reason)).to.deep.equal([
      'a tool call, though the request allows none: ping',
    ])
  })

  it('keeps the first of two calls where the request allows one at a time', () => {
    const { calls, listener } = hear(options({ parallel: false }), [`${PING}${PING}`])
    expect(calls).to.have.length(1)
    expect(listener.losses).to.have.length(1)
  })

  it('reports what a model says in the name of its tools, once and with its length, wherever the text is cut', () => {
    const invented = '<tool_response>\n42\n</tool_response>\nIt is 42.'
    for (const pieces of [
      [PING, invented],
      [...PING, ...invented],
    ]) {
      const { calls, listener } = hear(options(), pieces)
      expect(calls).to.have.length(1)
      expect(listener.losses).to.deep.equal([
        {
          path: 'choices.0.parts',
          reason: `${invented.length} characters behind a call, in which the model answers itself`,
          effect: 'dropped',
        },
      ])
    }
    expect(hear(options(), [PING]).listener.losses).to.deep.equal([])
  })

  describe('log probabilities', () => {
    const odds = (value: string) => ({ protocol: 'made-up', value })
    /** Pieces with their probabilities beside them, or behind. */
    function tokens(pieces: readonly string[], isBehind: boolean): PartDelta[] {
      return pieces.flatMap((text): PartDelta[] =>
        isBehind ? [{ text }, { logprobs: odds(text) }] : [{ text, logprobs: odds(text) }],
      )
    }
    function oddsOf(deltas: readonly PartDelta[]) {
      const events: StreamEvent[] = []
      const listener = createListener(options(), (event) => events.push(event))
      listener.push({ type: 'part-start', part: 0, choice: 0, head: { type: 'text' } })
      for (const delta of deltas) listener.push({ type: 'part-delta', part: 0, choice: 0, delta })
      listener.push({ type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] })
      const told = events.flatMap((event) => (event.type === 'part-delta' ? (event.delta.logprobs?.value ?? []) : []))
      return { told, losses: listener.losses.map(({ path }) => path), events }
    }

    for (const isBehind of [false, true]) {
      const where = isBehind ? 'behind' : 'beside'
      it(`are those of the text, also where some of it waited (${where} it)`, () => {
        const pieces = ['a ', '<', ' b', ' <tool', 'box>', ' c']
        expect(oddsOf(tokens(pieces, isBehind))).to.deep.include({ told: pieces, losses: [] })
      })

      it(`are not those of a call, and open no text behind it (${where} it)`, () => {
        const { told, losses, events } = oddsOf(tokens(['Hi. ', ...(PING.match(/.{1,5}/gs) ?? [])], isBehind))
        expect(told).to.deep.equal(['Hi. '])
        expect(losses).to.deep.equal(['choices.0.logprobs'])
        const heads = events.flatMap((event) => (event.type === 'part-start' ? [event.head.type] : []))
        expect(heads).to.deep.equal(['text', 'tool-call'])
      })
    }
  })

  it('takes tools that are not allowed for unknown ones', () => {
    const choice = { type: 'allowed', mode: 'auto', names: ['ping'] } as const
    const { calls } = hear(options({ toolChoice: choice }), ['{"name": "write_file", "arguments": {}}'])
    expect(calls).to.deep.equal([])
  })

  it('keeps an id that the model wrote, unless the conversation has it', () => {
    const call = '<|tool_call_begin|>functions.ping:0<|tool_call_argument_begin|>{}<|tool_call_end|>'
    expect(hear(options(), [`${call}${call}`]).calls.map(({ id }) => id)).to.deep.equal(['functions.ping:0', ''])
    const taken = options({ takenIds: new Set(['functions.ping:0']) })
    expect(hear(taken, [call]).calls.map(({ id }) => id)).to.deep.equal([''])
  })

  it('F15: keeps the digits of large numbers', () => {
    const { calls } = hear(options(), [
      '<tool_call>{"name": "ping", "arguments": {"id": 12345678901234567890}}</tool_call>',
    ])
    expect(calls[0]?.arguments).to.equal('{"id":12345678901234567890}')
  })

  it('writes a tool of raw text as the function that back ends see', () => {
    const { calls } = hear(options(), ['<function=patch><parameter=input>*** Begin</parameter></function>'])
    expect(calls[0]?.arguments).to.equal('{"input":"*** Begin"}')
  })

  it('gives the namespace of a tool back with its call', () => {
    const { events } = hear(options(), ['<function=write_file><parameter=path>a</parameter></function>'])
    const [start] = told(events, 'part-start')
    expect(start).to.have.nested.property('head.namespace', 'files')
  })

  it('reports arguments that do not fit, and passes them', () => {
    const check = createArgumentChecker()
    const { calls, listener } = hear(options({ check }), [
      '<function=write_file><parameter=path>a</parameter></function>',
    ])
    expect(calls).to.have.length(1)
    expect(listener.losses[0]).to.deep.include({ effect: 'changed', path: 'choices.0.parts.0' })
    expect(listener.losses[0]?.reason).to.contain("must have required property 'content'")
  })

  it('holds back calls that do not fit, where the model is to be asked again', () => {
    const check = createArgumentChecker()
    const text = '<function=write_file><parameter=path>a</parameter></function>'
    const { calls, listener } = hear(options({ check, invalid: 'hold' }), [text, text])
    expect(calls).to.deep.equal([])
    const problem = "must have required property 'content'"
    const invalid = { choice: 0, name: 'write_file', arguments: '{"path":"a"}', problem }
    expect(listener.invalidCalls).to.deep.equal([invalid, invalid])
  })

  it('reports a tool that does not exist, and has the model asked again where that is wanted', () => {
    const text = '<tool_call>{"name": "pong", "arguments": {}}</tool_call>'
    const passed = hear(options(), [text])
    expect(passed.calls.map(({ name }) => name)).to.deep.equal(['pong'])
    expect(passed.listener.losses.map(({ reason }) => reason)).to.deep.equal([
      '"pong" was called: there is no such tool',
    ])
    const held = hear(options({ invalid: 'hold', check: createArgumentChecker() }), [text])
    expect(held.calls).to.deep.equal([])
    expect(held.listener.invalidCalls.map(({ problem }) => problem)).to.deep.equal(['there is no such tool'])
  })

  it('passes calls that do not fit, in their order, where another does, as the model is not asked again then', () => {
    const check = createArgumentChecker()
    const text = '<function=write_file><parameter=path>a</parameter></function>'
    const { calls, listener } = hear(options({ check, invalid: 'hold' }), [text, PING, text])
    expect(calls.map(({ name }) => name)).to.deep.equal(['write_file', 'ping', 'write_file'])
    expect(listener.invalidCalls).to.deep.equal([])
    expect(listener.losses.map(({ path, effect }) => `${path} ${effect}`)).to.deep.equal([
      'choices.0.parts.0 changed',
      'choices.0.parts.2 changed',
    ])
    const one = hear(options({ check, invalid: 'hold', parallel: false }), [text, PING])
    expect(one.calls.map(({ name }) => name)).to.deep.equal(['ping'])
    expect(one.listener.losses[0]?.reason).to.contain('write_file')
  })

  it('says so where a call was demanded and none was made', () => {
    const demand = { toolChoice: { type: 'tool', name: 'ping' } } as const
    expect(hear(options(demand), ['No.']).listener.losses[0]?.reason).to.contain('demands a call')
    expect(hear(options(demand), [PING]).listener.losses).to.deep.equal([])
  })

  it('completes a call that breaks off inside a string, but not where the answer met its length limit', () => {
    const text = '<tool_call>{"name": "write_file", "arguments": {"path": "a", "content": "rm -rf /tmp'
    expect(JSON.parse(hear(options(), [text]).calls[0]?.arguments ?? '')).to.deep.equal({
      path: 'a',
      content: 'rm -rf /tmp',
    })
    const cut = hear(options(), [text], 'length').calls[0]?.arguments
    expect(cut).to.equal('{"path":"a","content":"rm -rf /tmp')
    const raw = hear(options(), ['<function=write_file><parameter=content>rm -rf /tmp'], 'length').calls[0]?.arguments
    expect(raw).to.equal('{"content":"rm -rf /tmp')
  })

  it('tells no half of a call as a whole one where the answer met its length limit', () => {
    const call: FileCall = { path: 'a', content: 'b c', mode: 12 }
    for (const dialect of DIALECT_NAMES) {
      const text = WRITERS[dialect](call)
      for (let length = 1; length <= text.length; length++) {
        const cut = text.slice(0, length)
        for (const chunks of [[cut], [...cut]])
          for (const { arguments: args } of hear({ dialect, tools: TOOLS }, chunks, 'length').calls)
            if (isJson(args)) expect(JSON.parse(args), `${dialect}: ${cut}`).to.deep.equal(call)
      }
      expect(
        hear({ dialect, tools: TOOLS }, [text], 'length').calls.map(({ arguments: args }) => JSON.parse(args)),
      ).to.deep.equal([call])
    }
  })

  it('does not tell clients of stop sequences that are ours', () => {
    const events: StreamEvent[] = []
    const listener = createListener(options({ stops: ['<tool_response>'] }), (event) => events.push(event))
    listener.push({ type: 'finish', finishes: [{ choice: 0, reason: 'stop', stopSequence: '<tool_response>' }] })
    listener.push({ type: 'finish', finishes: [{ choice: 0, reason: 'stop', stopSequence: 'END' }] })
    expect(told(events, 'finish')).to.deep.equal([
      { type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] },
      { type: 'finish', finishes: [{ choice: 0, reason: 'stop', stopSequence: 'END' }] },
    ])
  })

  it('lets reasoning, native calls and everything else of a back end pass', () => {
    const events: StreamEvent[] = []
    const listener = createListener(options(), (event) => events.push(event))
    const passing: StreamEvent[] = [
      { type: 'start', id: 'x', model: 'm' },
      { type: 'part-start', part: 7, choice: 0, head: { type: 'reasoning' } },
      { type: 'part-delta', part: 7, choice: 0, delta: { text: `I may ${PING}` } },
      { type: 'part-end', part: 7, choice: 0 },
      { type: 'usage', usage: { outputTokens: 3 } },
    ]
    for (const event of passing) listener.push(event)
    expect(events).to.deep.equal(passing.map((event) => ('part' in event ? { ...event, part: 0 } : event)))
  })

  it('says what it held back before an error, and before the end of a stream without a finish', () => {
    const events: StreamEvent[] = []
    const error = { kind: 'overloaded', message: 'late', source: 'provider' } as const
    const listener = createListener(options(), (event) => events.push(event))
    listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text: 'A <tool_' } })
    listener.push({ type: 'error', error })
    expect(events.slice(-3).map(({ type }) => type)).to.deep.equal(['part-delta', 'part-end', 'error'])
    listener.end()
    expect(events.at(-1)).to.deep.equal({ type: 'error', error })
  })

  it('hears each candidate answer by itself', () => {
    const events: StreamEvent[] = []
    const listener = createListener(options(), (event) => events.push(event))
    listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text: '<tool_call>{"name": ' } })
    listener.push({ type: 'part-delta', part: 0, choice: 1, delta: { text: 'Plain.' } })
    listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text: '"ping"}</tool_call>' } })
    listener.end()
    const heads = events.flatMap((event) => (event.type === 'part-start' ? [[event.choice, event.head.type]] : []))
    expect(heads).to.deep.equal([
      [1, 'text'],
      [0, 'tool-call'],
    ])
  })

  it('passes what is nested absurdly deep as text, and goes on behind it', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `${open.repeat(5000)}1${close.repeat(5000)}`
      const text = `<tool_call>{"name": "ping", "arguments": {"x": ${deep}, "y": 2}}</tool_call>ok`
      const heard = hear(options(), [text])
      const args: Record<string, unknown> = JSON.parse(heard.calls[0]?.arguments ?? '')
      expect(args['y']).to.equal(2)
      expect(JSON.stringify(args['x'])).to.have.length.greaterThan(deep.length)
      expect(heard.text).to.equal('ok')
    }
  })

  it('takes linear time for white space in what begins like a tag, and takes no tag that is too long', () => {
    for (const [opening, end] of [
      ['<a', 'x'],
      ['<ping></ping></a', 'x'],
      ['<function=a', '<'],
      ['<a b="c"', 'x'],
      ['<tool_call', '>{"name": "ping"}'],
    ] as const) {
      const text = `${opening}${' '.repeat(60_000)}${end}`
      const started = performance.now()
      expect(hear(options(), [text]).text, opening).to.equal(text)
      expect(performance.now() - started, opening).to.be.lessThan(2000)
      const halves = [text.slice(0, 30_000), text.slice(30_000)]
      expect(hear(options(), halves).text, opening).to.equal(text)
    }
  })

  it('tells code in the same way, however long its runs of backticks are and wherever they are cut', () => {
    for (const text of [
      '`<|im_end|>```tool_call\n',
      `${'`'.repeat(100)}${PING}${'`'.repeat(100)}`,
      `\`a${PING}${'`'.repeat(20_000)}${PING}\``,
      `\`${'x'.repeat(16_380)}${PING}\``,
      `\`\`${PING}${'x'.repeat(16_384 - PING.length - 1)}\`\` ${PING}`,
    ]) {
      const whole = hear(options(), [text])
      for (const size of text.length > 1000 ? [7, 64] : [1, 7, 64]) {
        const pieces = hear(options(), text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [])
        expect([pieces.calls, pieces.text], `${text.slice(0, 30)} in ${size}`).to.deep.equal([whole.calls, whole.text])
      }
    }
  })

  it('comes to an end where the text ends deep inside of something', () => {
    for (const open of ['[', '{"a":', '(', '[(', "{'a': (", '{(', '({', '{1, {', '{['])
      for (const depth of [1, 150, 201, 5000]) {
        const text = `<tool_call>[ping(x=${open.repeat(depth)}`
        const { calls, listener } = hear(options(), [text])
        expect(listener.tally.calls + listener.tally.text, open).to.equal(text.length)
        for (const call of calls) JSON.parse(call.arguments)
      }
  })

  it('keeps no more than a million units until it is certain what they are', () => {
    for (const endless of [' ', '<function_calls>', '/* a comment ']) {
      const heard = { text: 0 }
      const listener = createListener(options(), (event) => {
        if (event.type === 'part-delta') heard.text += event.delta.text?.length ?? 0
      })
      const chunk = endless.repeat(2000)
      let sent = 0
      for (const text of ['<tool_call>[', ...Array.from({ length: 700 }, () => chunk)]) {
        listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text } })
        sent += text.length
      }
      expect(sent - heard.text, endless).to.be.lessThan(1_200_000)
      listener.end()
      expect(heard.text, endless).to.equal(sent)
    }
  })

  it('takes linear time for what looks like the beginning of something again and again', () => {
    for (const piece of [
      '<tool ',
      '{"name": ',
      '`<tool_call>',
      '```\n[TOOL_CALLS]',
      '<function=ping>\n',
      '\n[',
      '"',
      '[THINK]',
      '</parameter> ',
      '{"name": "ping", "arguments": {}},\n',
    ]) {
      const started = performance.now()
      const listener = createListener(options(), () => undefined)
      for (let turn = 0; turn < 20_000; turn++)
        listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text: piece } })
      listener.end()
      const { tally } = listener
      expect(tally.text + tally.calls + tally.control + tally.cut, piece).to.equal(20_000 * piece.length)
      expect(performance.now() - started, piece).to.be.lessThan(4000)
    }
  }).timeout(40_000)
})
