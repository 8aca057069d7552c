/** Answers of OpenAI's Responses API, written by hand after its API reference. */
import type { Script } from './fake-provider.ts'
import type { Said } from './said.ts'

const ID = 'resp_fake123'

/** What an answer repeats of its request, as far as the API always has it. */
const ECHO = {
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: false,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
}

function itemsOf(said: Said): Record<string, unknown>[] {
  const { reasoning, text, calls = [] } = said
  const thought =
    reasoning === undefined
      ? []
      : [
          {
            id: 'rs_fake1',
            type: 'reasoning',
            summary: [{ type: 'summary_text', text: reasoning }],
            encrypted_content: 'gAAAAABfake',
          },
        ]
  const message =
    text === undefined
      ? []
      : [
          {
            id: 'msg_fake1',
            type: 'message',
            status: 'completed',
            role: 'assistant',
            content: [{ type: 'output_text', annotations: [], logprobs: [], text: text.join('') }],
          },
        ]
  const called = calls.map(({ id, name, input }) => ({
    id: `fc_fake_${id}`,
    type: 'function_call',
    status: 'completed',
    arguments: JSON.stringify(input),
    call_id: id,
    name,
  }))
  return [...thought, ...message, ...called]
}

function usageOf(said: Said) {
  const { input, output, cached = 0, thought = 0 } = said.usage ?? { input: 5, output: 5 }
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: thought },
    total_tokens: input + output,
  }
}

const CUTS = { length: 'max_output_tokens', filter: 'content_filter' }

function endOf({ cut }: Said): 'completed' | 'incomplete' {
  return cut === undefined ? 'completed' : 'incomplete'
}

function responseOf(said: Said, status: string): object {
  const isOver = status !== 'in_progress'
  return {
    id: ID,
    object: 'response',
    created_at: 1_750_000_000,
    status,
    error: null,
    incomplete_details: isOver && said.cut !== undefined ? { reason: CUTS[said.cut] } : null,
    model: 'gpt-fake-2026',
    output: isOver ? itemsOf(said) : [],
    usage: isOver ? usageOf(said) : null,
    service_tier: 'default',
    ...ECHO,
  }
}

export function responsesBody(said: Said): object {
  return responseOf(said, endOf(said))
}

export function responsesAnswer(said: Said): Script {
  return { kind: 'answer', headers: { 'x-ratelimit-remaining-requests': '99' }, body: responsesBody(said) }
}

/** The events of a stream, one string each, as they stand on the wire. */
export function responsesFrames(said: Said): string[] {
  const frames: string[] = []
  const tell = (type: string, members: object): void => {
    const data = JSON.stringify({ type, sequence_number: frames.length, ...members })
    frames.push(`event: ${type}\ndata: ${data}\n\n`)
  }
  tell('response.created', { response: responseOf(said, 'in_progress') })
  tell('response.in_progress', { response: responseOf(said, 'in_progress') })
  for (const [output_index, item] of itemsOf(said).entries()) {
    const at = { item_id: item['id'], output_index }
    tell('response.output_item.added', { output_index, item: begin(item) })
    if (item['type'] === 'message') tellMessage(tell, at, said.text ?? [])
    else if (item['type'] === 'reasoning') tellThought(tell, at, said.reasoning ?? '')
    else tellCall(tell, at, String(item['arguments']))
    tell('response.output_item.done', { output_index, item })
  }
  tell(`response.${endOf(said)}`, { response: responseOf(said, endOf(said)) })
  return frames
}

type Tell = (type: string, members: object) => void

function begin(item: Record<string, unknown>): object {
  if (item['type'] === 'message') return { ...item, status: 'in_progress', content: [] }
  if (item['type'] === 'reasoning') return { ...item, summary: [], encrypted_content: 'gAAAAABother' }
  return { ...item, status: 'in_progress', arguments: '' }
}

function tellMessage(tell: Tell, at: object, pieces: readonly string[]): void {
  const place = { ...at, content_index: 0 }
  const part = { type: 'output_text', annotations: [], logprobs: [], text: '' }
  const text = pieces.join('')
  tell('response.content_part.added', { ...place, part })
  for (const delta of pieces) tell('response.output_text.delta', { ...place, delta, logprobs: [], obfuscation: 'aBc' })
  tell('response.output_text.done', { ...place, text, logprobs: [] })
  tell('response.content_part.done', { ...place, part: { ...part, text } })
}

function tellThought(tell: Tell, at: object, text: string): void {
  const place = { ...at, summary_index: 0 }
  tell('response.reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } })
  tell('response.reasoning_summary_text.delta', { ...place, delta: text })
  tell('response.reasoning_summary_text.done', { ...place, text })
  tell('response.reasoning_summary_part.done', { ...place, part: { type: 'summary_text', text } })
}

function tellCall(tell: Tell, at: object, json: string): void {
  const middle = Math.ceil(json.length / 2)
  for (const delta of [json.slice(0, middle), json.slice(middle)]) {
    tell('response.function_call_arguments.delta', { ...at, delta })
  }
  tell('response.function_call_arguments.done', { ...at, arguments: json })
}

export function responsesStream(said: Said): Script {
  return {
    kind: 'stream',
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    steps: responsesFrames(said),
  }
}
