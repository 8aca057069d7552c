/** Answers of OpenAI's Chat Completions, written by hand after its API reference. */
import type { Script } from './fake-provider.ts'
import type { Said } from './said.ts'

const BASE = { id: 'chatcmpl-fake123', created: 1_750_000_000, model: 'gpt-fake-2026' }

function usageOf(said: Said) {
  const { input, output, cached = 0, thought = 0 } = said.usage ?? { input: 5, output: 5 }
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: thought },
  }
}

function reasonOf({ calls, cut }: Said): string {
  if (cut !== undefined) return { length: 'length', filter: 'content_filter' }[cut]
  return calls === undefined ? 'stop' : 'tool_calls'
}

export function openaiBody(said: Said): object {
  const calls = said.calls?.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }))
  return {
    ...BASE,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: said.text === undefined ? null : said.text.join(''),
          refusal: null,
          ...(said.reasoning === undefined ? {} : { reasoning_content: said.reasoning }),
          ...(calls === undefined ? {} : { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: reasonOf(said),
      },
    ],
    usage: usageOf(said),
    system_fingerprint: 'fp_fake',
  }
}

export function openaiAnswer(said: Said): Script {
  return { kind: 'answer', headers: { 'x-ratelimit-remaining-requests': '99' }, body: openaiBody(said) }
}

/** The events of a stream, one string each, as they stand on the wire. */
export function openaiFrames(said: Said): string[] {
  const chunk = (delta: object, finish: string | null = null): string =>
    frame({
      ...BASE,
      object: 'chat.completion.chunk',
      system_fingerprint: 'fp_fake',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    })
  const frames = [chunk({ role: 'assistant', content: said.text === undefined ? null : '', refusal: null })]
  if (said.reasoning !== undefined) frames.push(chunk({ reasoning_content: said.reasoning }))
  for (const piece of said.text ?? []) frames.push(chunk({ content: piece }))
  for (const [index, call] of (said.calls ?? []).entries()) {
    const { id, name } = call
    frames.push(chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }))
    for (const piece of halves(JSON.stringify(call.input))) {
      frames.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }))
    }
  }
  frames.push(chunk({}, reasonOf(said)))
  frames.push(frame({ ...BASE, object: 'chat.completion.chunk', choices: [], usage: usageOf(said) }))
  frames.push('data: [DONE]\n\n')
  return frames
}

export function openaiStream(said: Said): Script {
  return {
    kind: 'stream',
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    steps: openaiFrames(said),
  }
}

export function openaiError(
  status: number,
  message: string,
  more: object = {},
  headers: Record<string, string> = {},
): Script {
  const body = {
    error: {
      message,
      type: status >= 500 ? 'server_error' : 'invalid_request_error',
      param: null,
      code: null,
      ...more,
    },
  }
  return { kind: 'answer', status, headers, body }
}

function frame(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

function halves(text: string): string[] {
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)]
}

/** Vectors in the form that was asked for, as 32-bit floats. @param index what each bears; absent: its place. */
export function openaiEmbeddings(
  vectors: readonly (readonly number[])[],
  form: 'float' | 'base64',
  index?: number,
): Script {
  const data = vectors.map((vector, place) => ({
    object: 'embedding',
    index: index ?? place,
    embedding: form === 'float' ? vector : Buffer.from(new Float32Array(vector).buffer).toString('base64'),
  }))
  const body = { object: 'list', data, model: 'embed-fake-2026', usage: { prompt_tokens: 6, total_tokens: 6 } }
  return { kind: 'answer', body }
}
