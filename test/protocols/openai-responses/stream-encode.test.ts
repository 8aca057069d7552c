import { expect } from 'chai'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { openaiResponses } from '../../../protocols/openai-responses/index.ts'
import { collect, decodeStream, encodeStream, sketchLosses, sketchParts } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const START: StreamEvent = { type: 'start', id: 'chatcmpl-1', model: 'served' }
const FINISH: StreamEvent = { type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] }
const at = (part: number) => ({ part, choice: 0 })

function part(
  index: number,
  head: Extract<StreamEvent, { type: 'part-start' }>['head'],
  ...deltas: readonly Extract<StreamEvent, { type: 'part-delta' }>['delta'][]
): StreamEvent[] {
  return [
    { type: 'part-start', ...at(index), head },
    ...deltas.map((delta): StreamEvent => ({ type: 'part-delta', ...at(index), delta })),
    { type: 'part-end', ...at(index) },
  ]
}

/** Each event by what a reader of the wire looks at. */
function sketch(events: readonly any[]): string[] {
  return events.map(({ type, output_index, content_index, summary_index, delta, text, arguments: args, input, item }) =>
    [
      type.replace('response.', ''),
      output_index,
      content_index ?? summary_index,
      JSON.stringify(delta ?? text ?? args ?? input ?? item?.type),
    ]
      .filter((one) => one !== undefined)
      .join(' '),
  )
}

/** As the decoder of this protocol begins a thought. */
const OWN_THOUGHT = { type: 'reasoning', spelling: { protocol: 'openai-responses', form: '' } } as const

describe('streams of Responses, encoded', () => {
  it('trap 139: a text, thoughts and calls are told by the whole grammar', () => {
    const { events, losses } = encodeStream([
      START,
      ...part(0, { type: 'reasoning' }, { text: 'Hm' }, { signature: 'sig', issuer: 'anthropic' }),
      ...part(1, { type: 'text' }, { text: 'Hel' }, { text: 'lo' }),
      ...part(2, { type: 'tool-call', id: 'call_1', name: 'f' }, { arguments: '{"a"' }, { arguments: ':1}' }),
      ...part(3, { type: 'tool-call', id: 'call_2', name: 'g', freeform: true }, { arguments: 'ls' }),
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
      { type: 'finish', finishes: [{ choice: 0, reason: 'tool-calls' }] },
    ])
    expect(sketch(events)).to.deep.equal([
      'created',
      'in_progress',
      'output_item.added 0 "reasoning"',
      'reasoning_summary_part.added 0 0',
      'reasoning_summary_text.delta 0 0 "Hm"',
      'reasoning_summary_text.done 0 0 "Hm"',
      'reasoning_summary_part.done 0 0',
      'output_item.done 0 "reasoning"',
      'output_item.added 1 "message"',
      'content_part.added 1 0',
      'output_text.delta 1 0 "Hel"',
      'output_text.delta 1 0 "lo"',
      'output_text.done 1 0 "Hello"',
      'content_part.done 1 0',
      'output_item.done 1 "message"',
      'output_item.added 2 "function_call"',
      'function_call_arguments.delta 2 "{\\"a\\""',
      'function_call_arguments.delta 2 ":1}"',
      'function_call_arguments.done 2 "{\\"a\\":1}"',
      'output_item.done 2 "function_call"',
      'output_item.added 3 "custom_tool_call"',
      'custom_tool_call_input.delta 3 "ls"',
      'custom_tool_call_input.done 3 "ls"',
      'output_item.done 3 "custom_tool_call"',
      'completed',
    ])
    expect(losses).to.deep.equal([])
    const { response } = events.at(-1)
    expect(response).to.deep.include({
      id: 'resp_x1',
      status: 'completed',
      model: 'asked',
      error: null,
      incomplete_details: null,
    })
    expect(response.usage).to.deep.equal({
      input_tokens: 3,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 2,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 5,
    })
    expect(response.output.map(({ id }: any) => id)).to.deep.equal(['rs_x1_0', 'msg_x1_1', 'fc_x1_2', 'ctc_x1_3'])
    expect(response.output[0].encrypted_content).to.equal('sealed:signature:anthropic:sig')
    if (!hasRecordings) return
    const isEvent = loadSchema('stream-event.closed')
    for (const event of events) expect(isEvent(event), JSON.stringify(event)).to.equal(undefined)
  })

  it('a paragraph that another protocol tells alone stays in the thought', () => {
    const thought = part(0, { type: 'reasoning' }, { text: 'a' }, { text: '\n\n' }, { text: 'b' })
    const { events } = encodeStream([START, ...thought, FINISH])
    expect(events.at(-1).response.output[0].summary.map((piece: any) => piece.text)).to.deep.equal(['a\n\nb'])
  })

  it('the accumulator of a decoder sees what was said, letter by letter', () => {
    const told: StreamEvent[] = [
      START,
      ...part(0, OWN_THOUGHT, { text: 'a' }, { text: '\n\n' }, { text: 'b' }, { text: '\n\n' }),
      ...part(1, { type: 'text' }, { text: 'one' }),
      ...part(2, { type: 'text' }, { text: 'two' }),
      FINISH,
    ]
    const { text, events } = encodeStream(told)
    const back = collect(decodeStream([new TextEncoder().encode(text)]).events)
    expect(sketchParts(back.choices[0]?.parts ?? []).slice(1)).to.deep.equal([
      ['text', 'one', 0],
      ['text', 'two', 0],
    ])
    const thought = back.choices[0]?.parts[0]
    expect(thought?.type === 'reasoning' ? thought.text : thought).to.equal('a\n\nb\n\n')
    expect(events.at(-1).response.output[0].summary.map((piece: any) => piece.text)).to.deep.equal(['a', 'b\n\n'])
    // Texts side by side are one message.
    expect(events.at(-1).response.output[1].content).to.have.length(2)
  })

  it('trap 11: an error becomes response.failed and closes nothing else, usage told', () => {
    const { events, text } = encodeStream([
      START,
      ...part(0, { type: 'tool-call', id: 'c', name: 'f' }, { arguments: '{}' }),
      { type: 'part-start', ...at(1), head: { type: 'text' } },
      { type: 'part-delta', ...at(1), delta: { text: 'Hal' } },
      { type: 'part-end', ...at(1) },
      { type: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
      { type: 'error', error: { kind: 'rate-limited', message: 'slow down' } },
    ])
    const last = events.at(-1)
    expect(last.type).to.equal('response.failed')
    expect(last.response).to.deep.include({
      status: 'failed',
      error: { code: 'rate_limit_exceeded', message: 'slow down' },
    })
    expect(last.response.output.map((item: any) => item.type)).to.deep.equal(['function_call'])
    expect(last.response.usage.input_tokens).to.equal(1)
    expect(text).to.not.contain('[DONE]')
    expect(text).to.not.contain('event: error')
  })

  it('an error before anything else is an answer that began and failed', () => {
    const { events } = encodeStream([{ type: 'error', error: { kind: 'overloaded', message: 'busy', code: 'x' } }])
    expect(sketch(events)).to.deep.equal(['created', 'in_progress', 'failed'])
    expect(events.map((event) => event.sequence_number)).to.deep.equal([0, 1, 2])
    expect(events[2].response.error).to.deep.equal({ code: 'server_is_overloaded', message: 'busy' })
  })

  const ENDS = [
    ['stop', 'response.completed', 'completed', null, 'completed'],
    ['tool-calls', 'response.completed', 'completed', null, 'completed'],
    // Refused without a word of refusal: it must not look like an answer.
    ['refusal', 'response.incomplete', 'incomplete', { reason: 'content_filter' }, 'incomplete'],
    ['pause', 'response.completed', 'completed', null, 'completed'],
    ['length', 'response.incomplete', 'incomplete', { reason: 'max_output_tokens' }, 'incomplete'],
    ['content-filter', 'response.incomplete', 'incomplete', { reason: 'content_filter' }, 'incomplete'],
    ['error', 'response.failed', 'failed', null, 'completed'],
  ] as const
  for (const [reason, type, status, incomplete_details, itemStatus] of ENDS) {
    it(`trap 143: an answer that ends with ${reason} ends with ${type}`, () => {
      const { events } = encodeStream([
        START,
        ...part(0, { type: 'text' }, { text: 'Hi' }),
        { type: 'finish', finishes: [{ choice: 0, reason }] },
      ])
      const last = events.at(-1)
      expect(last.type).to.equal(type)
      expect(last.response).to.deep.include({ status, incomplete_details })
      expect(last.response.output[0].status).to.equal(itemStatus)
    })
  }

  it('Q60: a refusal in words is a complete answer', () => {
    const { events } = encodeStream([
      START,
      ...part(0, { type: 'refusal' }, { text: 'No.' }),
      { type: 'finish', finishes: [{ choice: 0, reason: 'refusal' }] },
    ])
    expect(events.at(-1).type).to.equal('response.completed')
  })

  it('trap 143: half a call is an item that is incomplete', () => {
    const { events } = encodeStream([
      START,
      ...part(0, { type: 'tool-call', id: 'c', name: 'f' }, { arguments: '{"a' }),
      { type: 'finish', finishes: [{ choice: 0, reason: 'length' }] },
    ])
    expect(events.at(-1).response.output[0]).to.deep.include({ status: 'incomplete', arguments: '{"a' })
  })

  it('trap 46: raw text is taken out of the object in which another protocol wrapped it, once it is whole', () => {
    const { value } = openaiResponses.request.decode(
      { endpoint: openaiResponses.endpoints[0]!, params: {}, query: new URLSearchParams(), headers: {} },
      {
        model: 'm',
        input: 'x',
        tools: [{ type: 'namespace', name: 'ns', description: '', tools: [{ type: 'custom', name: 'exec' }] }],
      },
    )
    const { events } = encodeStream(
      [
        START,
        ...part(0, { type: 'tool-call', id: 'c', name: 'exec' }, { arguments: '{"inp' }, { arguments: 'ut":"a\\nb"}' }),
        FINISH,
      ],
      { spelling: value.spelling! },
    )
    expect(sketch(events).slice(2, -1)).to.deep.equal([
      'output_item.added 0 "custom_tool_call"',
      'custom_tool_call_input.delta 0 "a\\nb"',
      'custom_tool_call_input.done 0 "a\\nb"',
      'output_item.done 0 "custom_tool_call"',
    ])
    expect(events.at(-1).response.output[0]).to.deep.include({
      namespace: 'ns',
      name: 'exec',
      input: 'a\nb',
      call_id: 'c',
    })
  })

  it('Q50: id and phase of a message, and the order of its items, stay what they were', () => {
    const frames = [
      {
        type: 'response.created',
        response: { id: 'resp_1', object: 'response', created_at: 5, model: 'm', output: [], tools: [] },
      },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: {
          id: 'msg_a',
          type: 'message',
          role: 'assistant',
          status: 'in_progress',
          phase: 'commentary',
          content: [],
        },
      },
      { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'a' },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: {
          id: 'msg_a',
          type: 'message',
          role: 'assistant',
          status: 'completed',
          phase: 'commentary',
          content: [{ type: 'output_text', text: 'a', annotations: [] }],
        },
      },
      {
        type: 'response.output_item.done',
        output_index: 1,
        item: {
          id: 'msg_b',
          type: 'message',
          role: 'assistant',
          status: 'completed',
          phase: 'final_answer',
          content: [{ type: 'output_text', text: 'b', annotations: [] }],
        },
      },
      {
        type: 'response.completed',
        response: {
          id: 'resp_1',
          object: 'response',
          created_at: 5,
          status: 'completed',
          model: 'm',
          output: [],
          tools: [],
        },
      },
    ]
    const wire = frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('')
    const { events } = encodeStream(decodeStream([new TextEncoder().encode(wire)]).events)
    const { output, id, created_at } = events.at(-1).response
    expect([id, created_at]).to.deep.equal(['resp_1', 5])
    expect(output.map((item: any) => [item.id, item.phase, item.content[0].text])).to.deep.equal([
      ['msg_a', 'commentary', 'a'],
      ['msg_b', 'final_answer', 'b'],
    ])
  })

  it('citations and refusals have events of their own', () => {
    const original = { protocol: 'other', value: 1 }
    const { events, losses } = encodeStream([
      START,
      ...part(
        0,
        { type: 'text' },
        { text: 'Hello' },
        { citation: { url: 'https://a', original } },
        { citation: { original } },
      ),
      ...part(1, { type: 'refusal' }, { text: 'No' }),
      FINISH,
    ])
    expect(sketch(events).slice(4, -1)).to.deep.equal([
      'output_text.delta 0 0 "Hello"',
      'output_text.annotation.added 0 0',
      'output_text.done 0 0 "Hello"',
      'content_part.done 0 0',
      'content_part.added 0 1',
      'refusal.delta 0 1 "No"',
      'refusal.done 0 1',
      'content_part.done 0 1',
      'output_item.done 0 "message"',
    ])
    expect(events.at(-1).response.output[0].content[0].annotations).to.deep.equal([
      { type: 'url_citation', url: 'https://a', start_index: 0, end_index: 5, title: 'https://a' },
    ])
    expect(sketchLosses(losses)).to.deep.equal(['choices.0.parts.0.citations.1: dropped'])
  })

  it('what cannot be told is reported: other candidates, files, blocks of other protocols', () => {
    const { events, losses } = encodeStream([
      START,
      { type: 'part-start', ...at(0), head: { type: 'whole', part: { type: 'opaque', protocol: 'other', value: {} } } },
      { type: 'part-end', ...at(0) },
      {
        type: 'part-start',
        ...at(1),
        head: {
          type: 'whole',
          part: { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA' } },
        },
      },
      { type: 'part-end', ...at(1) },
      { type: 'part-start', part: 0, choice: 1, head: { type: 'text' } },
      { type: 'part-delta', part: 0, choice: 1, delta: { text: 'x' } },
      { type: 'part-end', part: 0, choice: 1 },
      ...part(2, { type: 'text' }, { text: 'Hi', signature: 's', logprobs: { protocol: 'other', value: {} } }),
      {
        type: 'finish',
        finishes: [
          { choice: 0, reason: 'pause', stopSequence: 'x' },
          { choice: 1, reason: 'stop' },
        ],
      },
    ])
    expect(sketchLosses(losses)).to.deep.equal([
      'choices.0.parts.0: dropped',
      'choices.1: dropped',
      'choices.0.logprobs: dropped',
      'choices.0.parts.2.signature: dropped',
      'choices.0.finish.reason: changed',
      'choices.0.finish.stopSequence: dropped',
    ])
    expect(events.at(-1).response.output.map((item: any) => item.type)).to.deep.equal([
      'image_generation_call',
      'message',
    ])
  })
})
