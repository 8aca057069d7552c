/** Answers of Ollama's native API, written by hand after its page. */
import type { Script } from './fake-provider.ts'
import type { Said } from './said.ts'

const BASE = { model: 'llama-fake', created_at: '2025-06-15T15:06:40.123456Z' }

function lastOf(said: Said) {
  const { input, output } = said.usage ?? { input: 5, output: 5 }
  return {
    done: true,
    done_reason: said.cut === 'length' ? 'length' : 'stop',
    total_duration: 5_000_000_000,
    load_duration: 1_000_000,
    prompt_eval_count: input,
    prompt_eval_duration: 300_000_000,
    eval_count: output,
    eval_duration: 4_000_000_000,
  }
}

/** Servers before 0.12 give calls no ids. */
function callsOf(said: Said, withIds: boolean) {
  return said.calls?.map(({ id, name, input }, index) => ({
    ...(withIds ? { id } : {}),
    function: { ...(withIds ? { index } : {}), name, arguments: input },
  }))
}

export interface OllamaOptions {
  /** As servers of today do it, unless said otherwise. */
  readonly withIds?: boolean
}

export function ollamaBody(said: Said, { withIds = true }: OllamaOptions = {}): object {
  const calls = callsOf(said, withIds)
  return {
    ...BASE,
    message: {
      role: 'assistant',
      content: (said.text ?? []).join(''),
      ...(said.reasoning === undefined ? {} : { thinking: said.reasoning }),
      ...(calls === undefined ? {} : { tool_calls: calls }),
    },
    ...lastOf(said),
  }
}

export function ollamaAnswer(said: Said, options?: OllamaOptions): Script {
  return {
    kind: 'answer',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: ollamaBody(said, options),
  }
}

/** The lines of a stream, one string each, as they stand on the wire. */
export function ollamaLines(said: Said, { withIds = true }: OllamaOptions = {}): string[] {
  const line = (message: object, more: object = { done: false }) =>
    `${JSON.stringify({ ...BASE, message: { role: 'assistant', content: '', ...message }, ...more })}\n`
  return [
    ...(said.reasoning === undefined ? [] : [line({ thinking: said.reasoning })]),
    ...(said.text ?? []).map((piece) => line({ content: piece })),
    ...(callsOf(said, withIds) ?? []).map((call) => line({ tool_calls: [call] })),
    line({}, lastOf(said)),
  ]
}

export function ollamaStream(said: Said, options?: OllamaOptions): Script {
  return {
    kind: 'stream',
    headers: { 'content-type': 'application/x-ndjson' },
    steps: ollamaLines(said, options),
  }
}

/** What `/api/generate` answers, in one piece. */
export function ollamaGenerated(said: Said): Script {
  return {
    kind: 'answer',
    body: { ...BASE, response: (said.text ?? []).join(''), ...lastOf(said), context: [1, 2, 3] },
  }
}

export function ollamaEmbeddings(vectors: readonly (readonly number[])[]): Script {
  const body = { model: BASE.model, embeddings: vectors, total_duration: 14, load_duration: 1, prompt_eval_count: 6 }
  return { kind: 'answer', body }
}

export function ollamaError(status: number, message: string): Script {
  return { kind: 'answer', status, body: { error: message } }
}
