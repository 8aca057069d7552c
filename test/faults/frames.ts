/** The streams of every kind of back end, frame by frame, and readers that end when the stream does. */
import type { BackEnd } from '../clients/back-ends.ts'
import type { Script, Step } from '../support/fake-provider.ts'
import { HELLO, type Said } from '../support/said.ts'

type StreamScript = Omit<Extract<Script, { kind: 'stream' }>, 'steps'> & { readonly steps: readonly string[] }

/** How this back end streams; the steps are its frames. */
export function streamOf(backEnd: BackEnd, said: Said = HELLO): StreamScript {
  const script = backEnd.answer(said)({ json: { stream: true } })
  if (script.kind !== 'stream') throw new Error(`${backEnd.protocol} does not stream`)
  // The fakes stream whole frames of text and nothing else.
  return script as StreamScript
}

/** Its frames up to and with the one that says the first word, and the others. */
export function splitAfterFirstWord(backEnd: BackEnd): [before: string[], after: string[]] {
  const frames = streamOf(backEnd).steps
  const at = frames.findIndex((frame) => frame.includes('Hello')) + 1
  return [frames.slice(0, at), frames.slice(at)]
}

/** The same stream with other steps. */
export function scriptOf(backEnd: BackEnd, steps: readonly Step[]): Script {
  return { ...streamOf(backEnd), steps }
}

/** Reads text until it holds the word. @throws Error when the stream ends before. */
export async function readUntil(reader: ReadableStreamDefaultReader<string>, word: string): Promise<string> {
  let text = ''
  while (!text.includes(word)) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`the stream ended without ${JSON.stringify(word)}: ${text}`)
    text += value
  }
  return text
}

/** The rest of the stream. */
export async function readRest(reader: ReadableStreamDefaultReader<string>): Promise<string> {
  let text = ''
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value
  return text
}
