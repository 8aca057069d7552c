/** Cells that cannot work, whoever stands between: one side has no words for what the other says. */

export interface NotByNature {
  /** Absent: whichever. */
  readonly clients?: readonly string[]
  readonly backEnds?: readonly string[]
  readonly scenarios: readonly string[]
  readonly reason: string
  /** Where a back end cannot be told something, the caller must be: how the path of that loss ends. Absent: of answers. */
  readonly told?: string
}

const CHOICES = ['tool choice: none', 'tool choice: required', 'tool choice: one']

export const NOT_BY_NATURE: readonly NotByNature[] = [
  ...both(['ollama'], CHOICES, 'Ollama has no tool choice', 'toolChoice'),
  ...both(['gemini', 'ollama'], ['one call at a time'], 'it cannot forbid parallel calls', 'parallelToolCalls'),
  ...both(['openai-responses', 'anthropic'], ['seed'], 'it has no seed', 'settings.seed'),
  ...both(['openai-chat', 'openai-responses'], ['top k'], 'it has no top k', 'settings.topK'),
  ...both(['openai-responses'], ['stop'], 'the Responses API has no stop sequences', 'settings.stop'),
  ...both(['anthropic'], ['answer in JSON'], 'the Messages API takes a schema, not just any JSON', 'responseFormat'),
  ...both(
    ['openai-chat', 'openai-responses', 'ollama'],
    ['result that is an error'],
    'a result bears no mark of errors',
    'isError',
  ),
  {
    clients: ['openai-chat', 'openai-responses'],
    scenarios: ['ids too long'],
    reason: 'it refuses such ids itself',
  },
  {
    clients: ['anthropic'],
    scenarios: ['ids of another alphabet'],
    reason: 'its ids are of letters, digits, _ and - alone',
  },
  {
    clients: ['openai-chat', 'openai-responses', 'gemini', 'ollama'],
    backEnds: ['anthropic'],
    scenarios: ['model speaks first'],
    reason: 'in the Messages API the user speaks first',
    told: 'messages',
  },
  {
    clients: ['openai-chat', 'openai-responses', 'anthropic', 'ollama'],
    backEnds: ['gemini'],
    scenarios: ['model speaks first'],
    reason: 'in the Gemini API the user speaks first',
    told: 'messages',
  },
  ...both(['ollama'], ['tokens of a cache'], 'Ollama does not tell of its cache'),
  ...both(['ollama'], ['cut by a filter'], 'Ollama knows no filter'),
]

/** What a protocol has no words for, neither as a client nor as a back end. */
function both(
  protocols: readonly string[],
  scenarios: readonly string[],
  reason: string,
  told?: string,
): NotByNature[] {
  const row = { scenarios, reason, ...(told === undefined ? {} : { told }) }
  return [
    { ...row, clients: protocols },
    { ...row, backEnds: protocols },
  ]
}

/** @returns the row that excuses a cell. A client's own lack comes first: then there is nothing to send. */
export function excuseOf(client: string, backEnd: string, scenario: string): NotByNature | undefined {
  const rows = NOT_BY_NATURE.filter(
    ({ clients, backEnds, scenarios }) =>
      (clients === undefined || clients.includes(client)) &&
      (backEnds === undefined || backEnds.includes(backEnd)) &&
      scenarios.includes(scenario),
  )
  return rows.find(({ backEnds }) => backEnds === undefined) ?? rows[0]
}
