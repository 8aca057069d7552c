/** Answers of Google's Gemini API, written by hand after its API reference; streams with CRLF, as Google sends them. */
import type { Script } from './fake-provider.ts'
import type { Said } from './said.ts'

const BESIDE = { modelVersion: 'gemini-fake-2026', responseId: 'Qm9ndXNGYWtl' }

/** What a back end that thinks puts on the first call of a turn. */
export const CALL_SIGNATURE = 'Et0BCtoBAXLI2nwMB4momyXT'

function partsOf(said: Said): object[] {
  const calls = (said.calls ?? []).map(({ id, name, input }, index) => ({
    functionCall: { id, name, args: input },
    ...(index === 0 ? { thoughtSignature: CALL_SIGNATURE } : {}),
  }))
  return [
    ...(said.reasoning === undefined ? [] : [{ text: said.reasoning, thought: true }]),
    ...(said.text === undefined ? [] : [{ text: said.text.join('') }]),
    ...calls,
  ]
}

function usageOf(said: Said) {
  const { input, output, cached, thought = 0 } = said.usage ?? { input: 5, output: 5 }
  return {
    promptTokenCount: input,
    candidatesTokenCount: output - thought,
    ...(thought === 0 ? {} : { thoughtsTokenCount: thought }),
    totalTokenCount: input + output,
    ...(cached === undefined ? {} : { cachedContentTokenCount: cached }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
  }
}

function reasonOf({ cut }: Said): string {
  return cut === undefined ? 'STOP' : { length: 'MAX_TOKENS', filter: 'SAFETY' }[cut]
}

export function geminiBody(said: Said): object {
  return {
    candidates: [{ content: { parts: partsOf(said), role: 'model' }, finishReason: reasonOf(said), index: 0 }],
    usageMetadata: usageOf(said),
    ...BESIDE,
  }
}

export function geminiAnswer(said: Said): Script {
  return { kind: 'answer', headers: { 'x-gemini-service-tier': 'standard' }, body: geminiBody(said) }
}

/** The events of a stream, one string each, as they stand on the wire. */
export function geminiFrames(said: Said): string[] {
  const chunk = (parts: object[], more: object = {}, usage: object = { promptTokenCount: 5, totalTokenCount: 5 }) =>
    frame({ candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }], usageMetadata: usage, ...BESIDE })
  const pieces = partsOf({ ...said, text: undefined } as unknown as Said)
  const isThought = (part: object) => 'thought' in part
  return [
    ...pieces.filter(isThought).map((part) => chunk([part])),
    ...(said.text ?? []).map((text) => chunk([{ text }])),
    ...pieces.filter((part) => !isThought(part)).map((part) => chunk([part])),
    chunk([{ text: '' }], { finishReason: reasonOf(said) }, usageOf(said)),
  ]
}

export function geminiStream(said: Said): Script {
  return { kind: 'stream', headers: { 'content-type': 'text/event-stream' }, steps: geminiFrames(said) }
}

export function geminiEmbeddings(vectors: readonly (readonly number[])[], many: boolean): Script {
  const [only] = vectors
  const body = many ? { embeddings: vectors.map((values) => ({ values })) } : { embedding: { values: only } }
  return { kind: 'answer', body }
}

export function geminiError(code: number, status: string, message: string, details: readonly object[] = []): Script {
  return { kind: 'answer', status: code, body: { error: { code, message, status, details } } }
}

function frame(value: object): string {
  return `data: ${JSON.stringify(value)}\r\n\r\n`
}
