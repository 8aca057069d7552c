/** A stream as a faster server would have sent it: neighbouring pieces of one text in one frame. */

type Place = readonly string[]

/** Where the text of a piece stands, and what tells that a frame holds such a piece and nothing else. */
interface Piece {
  readonly text: Place
  isPiece(payload: any): boolean
}

const PIECES: { readonly [Protocol in string]?: readonly Piece[] } = {
  'openai-chat': [
    {
      text: ['choices', '0', 'delta', 'content'],
      isPiece: ({ choices, usage }) => choices?.length === 1 && (usage ?? null) === null && isContentOnly(choices[0]),
    },
  ],
  'openai-responses': [
    {
      text: ['delta'],
      isPiece: ({ type, logprobs }) => type === 'response.output_text.delta' && !(logprobs?.length > 0),
    },
    { text: ['delta'], isPiece: ({ type }) => type === 'response.function_call_arguments.delta' },
  ],
  anthropic: [
    { text: ['delta', 'text'], isPiece: ({ delta }) => delta?.type === 'text_delta' },
    { text: ['delta', 'partial_json'], isPiece: ({ delta }) => delta?.type === 'input_json_delta' },
    { text: ['delta', 'thinking'], isPiece: ({ delta }) => delta?.type === 'thinking_delta' },
  ],
  ollama: [
    {
      text: ['message', 'content'],
      isPiece: ({ message, done, logprobs }) => done === false && logprobs === undefined && isTextOnly(message),
    },
    {
      text: ['response'],
      isPiece: ({ response, thinking, done }) => done === false && response !== '' && thinking === undefined,
    },
  ],
}

function isContentOnly({ index, delta, logprobs, finish_reason }: any): boolean {
  const members = Object.entries(delta ?? {}).filter(([name, value]) => name !== 'role' && (value ?? null) !== null)
  const isText = members.length === 1 && typeof delta.content === 'string' && delta.content !== ''
  return index === 0 && isText && (logprobs ?? null) === null && (finish_reason ?? null) === null
}

function isTextOnly(message: any): boolean {
  return (
    typeof message?.content === 'string' &&
    message.content !== '' &&
    Object.keys(message).every((name) => ['role', 'content'].includes(name))
  )
}

/** @returns the stream as it is where nothing in it can be merged. */
export function mergeDeltas(protocol: string, stream: string): string {
  const pieces = PIECES[protocol] ?? []
  const frames = stream.split(protocol === 'ollama' ? /(?<=\n)/ : /(?<=\r?\n\r?\n)/)
  const merged: { frame: string; json?: string; payload?: any; piece?: Piece | undefined }[] = []
  for (const frame of frames) {
    const json = protocol === 'ollama' ? frame.trim() : /^data: ?(\{.*\})\r?$/m.exec(frame)?.[1]
    const payload = json?.startsWith('{') ? JSON.parse(json) : undefined
    const piece = payload === undefined ? undefined : pieces.find((one) => one.isPiece(payload))
    const last = merged.at(-1)
    if (piece === undefined || last?.piece !== piece || !areAlike(last.payload, payload)) {
      merged.push({ frame, ...(json === undefined ? {} : { json }), payload, piece })
      continue
    }
    append(last.payload, piece.text, payload)
  }
  return merged
    .map(({ frame, json, payload, piece }) =>
      piece === undefined || json === undefined ? frame : frame.replace(json, () => JSON.stringify(payload)),
    )
    .join('')
}

/** Pieces of one part. */
function areAlike(one: any, other: any): boolean {
  return ['index', 'output_index', 'content_index', 'item_id'].every((name) => one[name] === other[name])
}

function append(payload: any, [step, ...rest]: Place, more: any): void {
  if (step === undefined) return
  if (rest.length > 0) append(payload[step], rest, more[step])
  else payload[step] += more[step]
}
