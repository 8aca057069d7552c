/** What real clients and back ends of this protocol said; all of it may be absent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const GROUND = new URL('../../../../shared/', import.meta.url)

export interface Recording {
  readonly id: string
  readonly provider: string
  readonly request: { readonly method: string; readonly path: string; readonly body: any } | null
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body?: any
    readonly stream?: string
    readonly text?: string
  }
}

export const hasRecordings = existsSync(new URL('wire/openai-responses', GROUND))

export function skipWithout(this: Mocha.Context): void {
  if (hasRecordings) return
  console.log('    skipped: the recordings are not at hand')
  this.skip()
}

export function readRecordings(): readonly Recording[] {
  return readFolder('wire/openai-responses/').map(({ content }) => content)
}

/** Whether this is a request for an answer: counting, compacting and fetching are other endpoints. */
export function asksForAnswer({ request }: Recording): boolean {
  return request?.method === 'POST' && request.path.split('?')[0]?.endsWith('/responses') === true
}

export interface Captured {
  readonly title: string
  readonly body: any
}

/** Bodies that real clients sent to this endpoint. */
export function readCaptures(): readonly Captured[] {
  return readFolder('clients/captures/').flatMap(({ name, content }) =>
    (content.requests ?? [])
      .filter((one: any) => one.path?.endsWith('/responses') && typeof one.body === 'object')
      .map((one: any, index: number) => ({
        title: `${name} ${index}`,
        body: completeTools(one.body, content.requests),
      })),
  )
}

/** A capture names tools that it has told before by reference only. */
function completeTools(body: any, requests: readonly any[]): any {
  if (body.tools === undefined || Array.isArray(body.tools)) return body
  const tools = requests.find((one) => Array.isArray(one.body?.tools))?.body.tools
  return { ...body, tools }
}

function readFolder(folder: string): { name: string; content: any }[] {
  const url = new URL(folder, GROUND)
  if (!existsSync(url)) return []
  return readdirSync(url)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, content: JSON.parse(readFileSync(new URL(name, url), 'utf8')) }))
}

/** A check by one of the API's schemas, which says what is wrong. */
export function loadSchema(name: string): (value: unknown) => string | undefined {
  const schema = JSON.parse(readFileSync(new URL(`wire/schemas/openai-responses/${name}.json`, GROUND), 'utf8'))
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const validate = ajv.compile(schema)
  return (value) => (validate(value) ? undefined : ajv.errorsText(validate.errors))
}
