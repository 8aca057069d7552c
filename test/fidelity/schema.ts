/** The official schemas of the protocols, each compiled when it is first asked for and once per run. */
import { existsSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const SCHEMAS = new URL('../../../shared/wire/schemas/', import.meta.url)

/** What is wrong with this value, in a few words; nothing when it is right. */
export type Check = (value: unknown) => string | undefined

const checks = new Map<string, Check>()

/**
 * The closed variant where there is one: for what we write ourselves.
 *
 * @param name a message of the protocol: `request`, `response`, `stream-event`, `error`.
 */
export function strictCheck(protocol: string, name: string): Check {
  const closed = `${name}.closed`
  return existsSync(new URL(`${protocol}/${closed}.json`, SCHEMAS))
    ? checkOf(protocol, closed)
    : checkOf(protocol, name)
}

function checkOf(protocol: string, name: string): Check {
  const key = `${protocol}/${name}`
  const known = checks.get(key)
  if (known !== undefined) return known
  const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(
    readSchema(protocol, name),
  )
  const check: Check = (value) => {
    if (validate(value)) return undefined
    const told = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if' && keyword !== 'anyOf')
    return told
      .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
      .join('\n')
  }
  checks.set(key, check)
  return check
}

export function readSchema(protocol: string, name: string): any {
  const schema = JSON.parse(readFileSync(new URL(`${protocol}/${name}.json`, SCHEMAS), 'utf8'))
  BEYOND[protocol]?.(schema)
  return schema
}

/** What is written beyond a schema though it is widely read; this is all of it. */
const BEYOND: { readonly [Protocol in string]?: (schema: any) => void } = {
  // Thoughts and their proofs, pictures that a model made, citations in deltas, and the pieces of a custom call.
  'openai-chat'({ $defs = {} }) {
    const list = { type: 'array', items: { type: 'object' } }
    const message = $defs.ChatCompletionResponseMessage?.properties
    const delta = $defs.ChatCompletionStreamResponseDelta?.properties
    for (const properties of [message, delta]) {
      if (properties === undefined) continue
      Object.assign(properties, { reasoning_content: { type: 'string' }, reasoning_details: list, images: list })
    }
    if (delta === undefined) return
    Object.assign(delta, { annotations: message?.annotations ?? list, audio: { type: 'object' } })
    const call = $defs.ChatCompletionMessageToolCallChunk.properties
    call.type.enum.push('custom')
    call.custom = { type: 'object' }
  },
  // Which field was wrong, for clients that show it.
  anthropic({ $defs = {} }) {
    for (const [name, { properties }] of Object.entries<any>($defs)) {
      if (name.endsWith('ErrorObject')) properties.details = { type: 'object' }
    }
  },
  // Servers newer than the schema number their calls and tell log probabilities in each line.
  ollama({ $defs = {} }) {
    const call = $defs.ToolCall?.properties
    if (call !== undefined) {
      call.id = { type: 'string' }
      call.function.properties.index = { type: 'integer' }
    }
    const line = $defs.ChatStreamEvent ?? $defs.GenerateStreamEvent
    if (line !== undefined) line.properties.logprobs = { type: 'array' }
  },
}
