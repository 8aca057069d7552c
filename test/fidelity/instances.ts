/** Makes instances of a JSON Schema, as the schemas of the protocols are written: every branch of it comes sooner or later. */
import { readSchema, strictCheck } from './schema.ts'

/** A whole number from 0, below this one. */
type Pick = (below: number) => number

/** Beyond this depth only what must be there is made. */
const DEPTH = 7
/** Of ten optional members so many are there. */
const OPTIONAL_OF_TEN = 3

/**
 * @param seed tells one instance from the others; the same one makes the same.
 * @returns nothing where what came is none: the schema says more than is followed here.
 */
export function makeInstance(protocol: string, name: string, seed: number): any {
  const schema = readCached(protocol, name)
  const made = make(schema, schema.$defs ?? {}, '', 0, createPick(seed))
  const sense = name === 'request' ? SENSE : ANSWER_SENSE
  const instance = sense[protocol]?.(made) ?? made
  return strictCheck(protocol, name)(instance) === undefined ? instance : undefined
}

const schemas = new Map<string, any>()

function readCached(protocol: string, name: string): any {
  const key = `${protocol}/${name}`
  const known = schemas.get(key) ?? readSchema(protocol, name)
  schemas.set(key, known)
  return known
}

/** Mulberry32: small, and the same everywhere. */
function createPick(seed: number): Pick {
  let state = Math.imul(seed + 1, 0x9e3779b9)
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

function make(schema: any, defs: any, name: string, depth: number, pick: Pick): any {
  if (schema === true || schema === undefined) return { any: 'thing' }
  const { $ref, anyOf, allOf, ...rest } = schema
  if ($ref !== undefined) return make(defs[$ref.slice('#/$defs/'.length)], defs, name, depth, pick)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[pick(schema.enum.length)]
  if (anyOf !== undefined) {
    const branch = anyOf[pick(depth > DEPTH ? 1 : anyOf.length)]
    return join(
      rest.properties === undefined ? {} : make(rest, defs, name, depth, pick),
      make(branch, defs, name, depth, pick),
    )
  }
  const tagged = allOf?.filter((one: any) => one.then !== undefined) ?? []
  if (tagged.length > 0) return make(tagged[pick(tagged.length)].then, defs, name, depth, pick)
  if (allOf !== undefined) return [rest, ...allOf].map((one) => make(one, defs, name, depth, pick)).reduce(join)
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  return MAKERS[types[pick(types.length)] ?? (schema.properties === undefined ? 'string' : 'object')]?.(
    schema,
    defs,
    name,
    depth,
    pick,
  )
}

function join(one: any, other: any): any {
  return typeof one === 'object' && typeof other === 'object' && one !== null && other !== null && !Array.isArray(other)
    ? { ...one, ...other }
    : other
}

type Make = (schema: any, defs: any, name: string, depth: number, pick: Pick) => unknown

const MAKERS: Readonly<Record<string, Make>> = {
  null: () => null,
  boolean: (_schema, _defs, _name, _depth, pick) => pick(2) === 1,
  integer: (schema, _defs, name, _depth, pick) => makeNumber(schema, name, pick, 1),
  number: (schema, _defs, name, _depth, pick) => makeNumber(schema, name, pick, 4),
  string: ({ minLength = 0 }, _defs, name, _depth, pick) => {
    const known = TEXTS.find(([names]) => names.test(name))?.[1] ?? ['text', 'some words', 'ünï ☃']
    return (known[pick(known.length)] ?? '').padEnd(minLength, 'x')
  },
  array: ({ items, minItems = 0, maxItems = 3 }, defs, name, depth, pick) =>
    Array.from(
      { length: Math.max(minItems, Math.min(maxItems, depth > DEPTH ? 0 : pick(3) + (depth < 3 ? 1 : 0))) },
      () => make(items, defs, name, depth + 1, pick),
    ),
  object({ properties = {}, required = [], additionalProperties }, defs, name, depth, pick) {
    const made: Record<string, unknown> = {}
    for (const [member, schema] of Object.entries<any>(properties)) {
      // One member under two names is said once.
      if (
        Object.keys(made).some(
          (one) => one.replaceAll('_', '').toLowerCase() === member.replaceAll('_', '').toLowerCase(),
        )
      )
        continue
      const isThere = required.includes(member) || (depth <= DEPTH && pick(10) < OPTIONAL_OF_TEN)
      if (isThere) made[member] = make(schema, defs, member, depth + 1, pick)
    }
    const isOpen = Object.keys(properties).length === 0 && additionalProperties !== false
    if (isOpen && /schema|parameters/i.test(name)) return { type: 'object', properties: { city: { type: 'string' } } }
    if (isOpen)
      made.key =
        typeof additionalProperties === 'object' ? make(additionalProperties, defs, 'key', depth + 1, pick) : 'value'
    return made
  },
}

/** @param fractions into how many parts a whole is cut. */
function makeNumber({ minimum, maximum }: any, name: string, pick: Pick, fractions: number): number {
  if (/tokens|budget|count|top_?k$|seed|^n$/i.test(name)) return Math.max(minimum ?? 0, 1) * (1 + pick(5))
  const least = Math.max(minimum ?? 0, -1000)
  const most = Math.min(maximum ?? least + 1, least + 1000)
  return least + pick((most - least) * fractions + 1) / fractions
}

/** What such a member holds in earnest. */
const TEXTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/ur[il]$/i, ['https://example.com/a.png', 'https://example.com/b.pdf']],
  [/media_?type|mime_?type$/i, ['image/png', 'application/pdf', 'audio/wav']],
  [/^(data|file_data|b64_json|result|partial_image_b64)$/, ['QUJDRA==']],
  [/^(arguments|partial_json)$/, ['{"city":"Lisbon"}', '{}']],
  [/signature/i, ['c2lnbmVk']],
  [/^(name|tool_name)$/, ['get_weather', 'search']],
  [/(^|_)id$|Id$/, ['id_1', 'id_2']],
]

/** What a schema cannot say and each API demands of a request. */
const SENSE: Readonly<Record<string, (request: any) => any>> = {
  'openai-chat': ({
    max_tokens,
    function_call,
    functions,
    stream_options,
    tool_choice,
    parallel_tool_calls,
    ...request
  }) => ({
    ...request,
    ...((request.max_completion_tokens ?? null) === null ? defined({ max_tokens }) : {}),
    ...(request.stream === true ? { stream_options: { include_usage: true, ...stream_options } } : {}),
    ...(request.tools?.length > 0
      ? defined({ tool_choice: allowKnown(tool_choice, request.tools), parallel_tool_calls })
      : {}),
  }),
  anthropic: ({ output_format, thinking, temperature, top_p, top_k, tool_choice, ...request }) => ({
    ...request,
    max_tokens: 4096,
    // The older name of what stands in `output_config`.
    ...(request.output_config?.format === undefined ? defined({ output_format }) : {}),
    ...(thinking?.type === 'enabled' ? { thinking: { ...thinking, budget_tokens: 2048 } } : defined({ thinking })),
    ...(thinking === undefined ? defined({ temperature, top_k }) : {}),
    ...(request.tools?.length > 0 && (thinking ?? null) === null ? defined({ tool_choice }) : {}),
  }),
  'openai-responses': ({ conversation, ...request }) => ({ model: 'm', input: 'Hello', ...request }),
  gemini: ({ contents = [], ...request }) => ({
    ...request,
    contents: [
      { role: 'user', parts: [{ text: 'Hello' }] },
      ...contents.map((content: any) => ({ ...content, role: 'user' })),
    ],
  }),
  ollama: (request) => request,
}

/** Only tools that are there can be allowed. */
function allowKnown(choice: any, tools: readonly any[]): any {
  const [{ type: kind, ...first }] = tools as [any]
  if (choice?.function !== undefined || choice?.custom !== undefined)
    return { type: kind, [kind]: { name: first[kind].name } }
  if (choice?.type !== 'allowed_tools') return choice
  const names = tools.map(({ type, ...tool }) => ({ type, [type]: { name: tool[type].name } }))
  return { ...choice, allowed_tools: { ...choice.allowed_tools, tools: names } }
}

/** One answer, as all protocols have it. */
const ANSWER_SENSE: Readonly<Record<string, (answer: any) => any>> = {
  'openai-chat': ({ choices, ...answer }) => ({ ...answer, choices: choices.slice(0, 1).map(atFirst).map(withText) }),
  gemini: ({ candidates = [{}], promptFeedback: _feedback, ...answer }) => ({
    ...answer,
    candidates: candidates.slice(0, 1).map(atFirst),
  }),
}

/** What is cited is there to be cited. */
function withText(choice: any): any {
  const { annotations } = choice.message
  if (annotations === undefined || annotations === null) return choice
  const cited = annotations.map(({ url_citation, ...one }: any, index: number) => ({
    ...one,
    url_citation: { ...url_citation, url: `https://example.com/${index}`, start_index: 2, end_index: 5 },
  }))
  return { ...choice, message: { ...choice.message, content: 'Some words', annotations: cited } }
}

function atFirst(choice: object): object {
  return { ...choice, index: 0 }
}

function defined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
