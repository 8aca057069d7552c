/** What a translation may leave out without a word, each with the reason: it holds nothing that anybody could miss. */

interface NotMissed {
  /** The protocols that may leave it out; absent: all others. */
  readonly targets?: readonly string[]
  /** Where it stands on the wire, with stars for indices. */
  readonly shape: RegExp
  /** Only for these values; absent: whatever it is. */
  readonly values?: readonly unknown[]
  readonly reason: string
}

type Rows = { readonly [Protocol in string]?: readonly NotMissed[] }

const TAG = 'the tag of the only form that there is'
const DEFAULT = 'what is meant where nothing is said'
const HAND = 'says who speaks where nobody else could'
const SCHEMA_NAME = 'a name for the schema, which binds by itself'
const ALWAYS_STRICT = 'what has a schema here is always held to it'
const OBJECT = 'the arguments of a tool are an object, whatever its schema says'
const OWN_BYTES = 'the bytes tell it themselves'
const OTHER_NAMES = 'an id that names the thing to its own server only'
const OWN_HEAD =
  'the answer bears the name that its client asked for, and an id of its own where the protocol knows none'
const WORD = 'the word for an end, whose meaning is told'
const ONE_ANSWER = 'there is one answer'

const OPENAI_FORMATS: readonly NotMissed[] = [
  { targets: ['anthropic', 'gemini', 'ollama'], shape: /(json_schema|format)\.name$/, reason: SCHEMA_NAME },
  {
    targets: ['anthropic', 'gemini', 'ollama'],
    shape: /(json_schema|format)\.strict$/,
    reason: ALWAYS_STRICT,
  },
]

export const REQUESTS: Rows = {
  anthropic: [
    { targets: ['ollama'], shape: /source\.media_type$/, reason: OWN_BYTES },
    { targets: ['openai-chat', 'openai-responses'], shape: /input_schema\.type$/, values: ['object'], reason: OBJECT },
    { targets: ['gemini', 'openai-responses'], shape: /^thinking\.display$/, reason: 'thoughts are shown in one way' },
    { targets: ['ollama'], shape: /^tools\./, reason: 'the loss of the tool choice says that none of them is offered' },
  ],
  gemini: [
    { shape: /^system_?[iI]nstruction\.role$/, reason: HAND },
    { shape: /^contents\.\*\.role$/, values: ['model'], reason: 'of a turn that says nothing' },
    { targets: ['openai-responses'], shape: /parameters(JsonSchema|_json_schema)?\.type$/, reason: OBJECT },
    {
      targets: ['anthropic', 'openai-responses'],
      shape: /function(Response|_response)\.name$/,
      reason: 'the id of the call tells which function it was',
    },
    { shape: /\.nullable$/, values: [false], reason: DEFAULT },
    { shape: /property_?[oO]rdering\.\*$/, reason: 'the order in which the properties are written' },
  ],
  ollama: [{ shape: /^tools\.\*\.type$/, values: ['function'], reason: TAG }],
  'openai-chat': [
    { shape: /cache_control\.type$/, values: ['ephemeral'], reason: TAG },
    { shape: /\.thinking\.\*\.type$/, values: ['text'], reason: TAG },
    { shape: /reasoning_details\.\*\.type$/, reason: 'told by the member that stands beside it' },
    { shape: /^tool_choice(\.allowed_tools\.tools\.\*)?\.type$/, reason: TAG },
    { targets: ['anthropic'], shape: /^parallel_tool_calls$/, reason: 'what is meant where no tool may be called' },
    { shape: /^stream_options\.include_usage$/, values: [true], reason: 'streams of the others always tell usage' },
    { shape: /image_url\.detail$/, values: ['auto'], reason: DEFAULT },
    { shape: /^tool_choice$/, values: ['auto', 'none'], reason: 'what is meant where there are no tools' },
    { targets: ['openai-responses'], shape: /parameters\.type$/, values: ['object'], reason: OBJECT },
    { targets: ['ollama'], shape: /^tools\./, reason: 'the loss of the tool choice says which of them are offered' },
    ...OPENAI_FORMATS,
  ],
  'openai-responses': [
    { targets: ['ollama'], shape: /^tools\./, reason: 'the loss of the tool choice says which of them are offered' },
    { shape: /^tools\.\*\.description$/, reason: 'of a group of tools, whose loss is told with its name' },
    { shape: /^reasoning\.summary$/, reason: 'thoughts are shown in one way' },
    { shape: /^parallel_tool_calls$/, reason: 'what is meant where no tool may be called' },
    { shape: /^input\.\*\.key$/, reason: 'beside tools that are told with all others' },
    { shape: /^input\.\*\.namespace$/, reason: 'of a call to a tool whose group is told as lost with the tool' },
    { shape: /^input\.\*\.execution$/, reason: 'a search that is a tool of the client is run by it' },
    { shape: /^input\.\*\.tools\./, reason: 'of a tool that was looked up, and stands among the others as well' },
    { shape: /^input\.\*\.(id|status)$/, reason: OTHER_NAMES },
    { shape: /^input\.\*\.role$/, values: ['developer'], reason: HAND },
    { shape: /\.detail$/, values: ['auto'], reason: DEFAULT },
    { shape: /^tool_choice$/, values: ['auto', 'none'], reason: 'what is meant where there are no tools' },
    ...OPENAI_FORMATS,
  ],
}

export const ANSWERS: Rows = {
  anthropic: [
    { shape: /^(id|model)$/, reason: OWN_HEAD },
    { shape: /^(type|role)$/, reason: TAG },
    { shape: /^stop_reason$/, reason: WORD },
  ],
  gemini: [
    { shape: /^(responseId|modelVersion)$/, reason: OWN_HEAD },
    { shape: /content\.role$/, reason: HAND },
    { shape: /parts\.\*\.mediaResolution\.level$/, reason: 'of a piece that says nothing' },
    { shape: /finishReason$/, reason: WORD },
    { shape: /^candidates\.\*\.index$/, reason: ONE_ANSWER },
    { shape: /totalTokenCount$/, reason: 'the sum of the others' },
    { shape: /segment\.(startIndex|endIndex)$/, reason: 'the same in bytes as what is told in characters' },
  ],
  ollama: [
    { shape: /^(model|created_at)$/, reason: OWN_HEAD },
    { shape: /^(done|message\.role)$/, reason: TAG },
    { shape: /^done_reason$/, reason: WORD },
  ],
  'openai-chat': [
    { shape: /^(id|model|created|object)$/, reason: OWN_HEAD },
    { shape: /message\.role$/, reason: TAG },
    { shape: /finish_reason$/, reason: WORD },
    { shape: /^choices\.\*\.index$/, reason: ONE_ANSWER },
    { shape: /\.thinking\.\*\.type$/, values: ['text'], reason: TAG },
    { shape: /message\.reasoning$/, reason: 'the same thought once more, as text' },
    {
      shape: /reasoning_details\.\*\.(type|index|format|id)$/,
      reason: 'how a thought that is told was kept by its vendor',
    },
    { shape: /annotations\.\*\.type$/, values: ['url_citation'], reason: TAG },
    { shape: /audio\.expires_at$/, values: [0], reason: 'of a sound that is none' },
  ],
  'openai-responses': [
    { shape: /^(id|model|created_at|object)$/, reason: OWN_HEAD },
    { shape: /^(status|incomplete_details\.reason)$/, reason: WORD },
    { shape: /^output\.\*\.(id|status)$/, reason: OTHER_NAMES },
    { shape: /^output\.\*\.role$/, reason: TAG },
    { shape: /^usage\.input_tokens$/, reason: 'fewer than what was cached of them' },
    { shape: /annotations\.\*\.end_index$/, reason: 'where the passage ends with its text' },
  ],
}

export function isNotMissed(
  rows: readonly NotMissed[] | undefined,
  target: string,
  shape: string,
  value: unknown,
): boolean {
  return (rows ?? []).some(
    (row) => (row.targets?.includes(target) ?? true) && row.shape.test(shape) && (row.values?.includes(value) ?? true),
  )
}
