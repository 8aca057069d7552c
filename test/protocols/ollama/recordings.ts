/** What real clients and servers of this protocol said; all of it may be absent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const GROUND = new URL('../../../../shared/', import.meta.url)

export interface Recording {
  readonly id: string
  readonly request: { readonly path: string; readonly body: any }
  readonly response: { readonly status: number; readonly body?: any; readonly stream?: string }
}

export const hasRecordings = existsSync(new URL('wire/ollama', GROUND))

export function readRecordings(): readonly Recording[] {
  return readFolder('wire/ollama/').map(({ content }) => content)
}

export interface Captured {
  readonly title: string
  readonly path: string
  readonly body: any
}

/** Bodies that real clients sent, without their group. */
export function readCaptures(): readonly Captured[] {
  return readFolder('clients/captures/').flatMap(({ name, content }) =>
    (content.requests ?? [])
      .filter((one: any) => /\/api\/(?:chat|generate|embed)$/.test(one.path) && typeof one.body === 'object')
      .map((one: any, index: number) => ({
        title: `${name} ${index}`,
        path: one.path.slice(one.path.indexOf('/api/')),
        body: completeTools(one.body, content.requests),
      })),
  )
}

/** A capture names tools that it has told before by reference only. */
function completeTools(body: any, requests: readonly any[]): any {
  if (body.tools === undefined || Array.isArray(body.tools)) return body
  return { ...body, tools: requests.find((one) => Array.isArray(one.body?.tools))?.body.tools }
}

function readFolder(folder: string): { name: string; content: any }[] {
  const url = new URL(folder, GROUND)
  if (!existsSync(url)) return []
  return readdirSync(url)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, content: JSON.parse(readFileSync(new URL(name, url), 'utf8')) }))
}

/**
 * A check by one of the API's schemas, which says what is wrong. What this codec writes beyond the schema is added to it
 * here, and is all: ids and numbers of calls, as servers newer than the schema have them, and lists of log probabilities
 * in the lines of a stream.
 */
export function loadSchema(name: string): (value: unknown) => string | undefined {
  const schema = JSON.parse(readFileSync(new URL(`wire/schemas/ollama/${name}.json`, GROUND), 'utf8'))
  const call = schema.$defs?.ToolCall?.properties
  if (call !== undefined) {
    call.id = { type: 'string' }
    call.function.properties.index = { type: 'integer' }
  }
  const line = schema.$defs?.ChatStreamEvent ?? schema.$defs?.GenerateStreamEvent
  if (line !== undefined) line.properties.logprobs = { type: 'array' }
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const validate = ajv.compile(schema)
  return (value) => (validate(value) ? undefined : ajv.errorsText(validate.errors))
}
