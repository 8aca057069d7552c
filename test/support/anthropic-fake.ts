/** Answers of Anthropic's Messages API, written by hand after its API reference. */
import type { Script } from './fake-provider.ts'
import type { Said } from './said.ts'

const ID = 'msg_fake123'
const MODEL = 'claude-fake-2026'
const SIGNATURE = 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h'

function blocksOf(said: Said): Record<string, unknown>[] {
  const thinking =
    said.reasoning === undefined ? [] : [{ type: 'thinking', thinking: said.reasoning, signature: SIGNATURE }]
  const text = said.text === undefined ? [] : [{ type: 'text', text: said.text.join('') }]
  const calls = (said.calls ?? []).map(({ id, name, input }) => ({ type: 'tool_use', id, name, input }))
  return [...thinking, ...text, ...calls]
}

function reasonOf(said: Said): string {
  if (said.cut !== undefined) return { length: 'max_tokens', filter: 'refusal' }[said.cut]
  return said.calls === undefined ? 'end_turn' : 'tool_use'
}

function usageOf(said: Said) {
  const { input, output, cached = 0 } = said.usage ?? { input: 5, output: 5 }
  return {
    input_tokens: input - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: output,
  }
}

export function anthropicBody(said: Said): object {
  return {
    id: ID,
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content: blocksOf(said),
    stop_reason: reasonOf(said),
    stop_sequence: null,
    usage: usageOf(said),
  }
}

export function anthropicAnswer(said: Said): Script {
  return { kind: 'answer', headers: { 'anthropic-ratelimit-requests-remaining': '99' }, body: anthropicBody(said) }
}

/** The events of a stream, one string each, as they stand on the wire. */
export function anthropicFrames(said: Said): string[] {
  const message = {
    ...anthropicBody({ ...said }),
    content: [],
    stop_reason: null,
    usage: { ...usageOf(said), output_tokens: 1 },
  }
  const frames = [frame('message_start', { message })]
  for (const [index, block] of blocksOf(said).entries()) {
    const { start, deltas } = pieces(block, said)
    frames.push(frame('content_block_start', { index, content_block: start }))
    if (index === 0) frames.push('event: ping\ndata: {"type": "ping"}\n\n')
    for (const delta of deltas) frames.push(frame('content_block_delta', { index, delta }))
    frames.push(frame('content_block_stop', { index }))
  }
  frames.push(
    frame('message_delta', {
      delta: { stop_reason: reasonOf(said), stop_sequence: null },
      usage: { output_tokens: said.usage?.output ?? 5 },
    }),
    frame('message_stop', {}),
  )
  return frames
}

export function anthropicStream(said: Said): Script {
  return {
    kind: 'stream',
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    steps: anthropicFrames(said),
  }
}

export function anthropicError(
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): Script {
  return {
    kind: 'answer',
    status,
    headers,
    body: { type: 'error', error: { type, message }, request_id: 'req_fake' },
  }
}

function pieces(block: Record<string, unknown>, said: Said): { start: object; deltas: object[] } {
  if (block['type'] === 'text') {
    const deltas = (said.text ?? []).map((text) => ({ type: 'text_delta', text }))
    return { start: { type: 'text', text: '' }, deltas }
  }
  if (block['type'] === 'thinking') {
    return {
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        { type: 'thinking_delta', thinking: block['thinking'] },
        { type: 'signature_delta', signature: SIGNATURE },
      ],
    }
  }
  const json = JSON.stringify(block['input'])
  const middle = Math.ceil(json.length / 2)
  // A call without arguments has nothing but an empty piece on the wire.
  const texts = json === '{}' ? [''] : ['', json.slice(0, middle), json.slice(middle)]
  const deltas = texts.map((partial_json) => ({ type: 'input_json_delta', partial_json }))
  return { start: { ...block, input: {} }, deltas }
}

function frame(type: string, rest: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`
}
