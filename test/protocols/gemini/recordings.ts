/** Real exchanges to hold the codec against, and the schemas of the API; both may be absent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const GROUND = new URL('../../../../shared/', import.meta.url)

export interface Recording {
  readonly id: string
  readonly provider: string
  readonly request: { readonly method: string; readonly path: string; readonly body: any } | null
  readonly response: {
    readonly status: number
    readonly headers: Record<string, string>
    readonly body?: any
    readonly stream?: string
  }
}

export const hasRecordings = existsSync(new URL('wire/gemini', GROUND))

export function readRecordings(): readonly Recording[] {
  return readFolder('wire/gemini/').map(({ content }) => content)
}

/** Bodies of requests that real clients of this API made, with the tools that the capture names by reference only. */
export function readCapturedBodies(): readonly { readonly title: string; readonly line: string; readonly body: any }[] {
  return readFolder('clients/captures/')
    .filter(({ name }) => name.includes('gemini'))
    .flatMap(({ name, content }) => {
      const tools = content.requests.find((one: any) => Array.isArray(one.body?.tools))?.body.tools
      return content.requests
        .filter((one: any) => one.method === 'POST')
        .map((one: any, index: number) => ({
          title: `${name} ${index}`,
          line: `${one.path.replace(/^\/team/, '')}?${new URLSearchParams(one.query ?? [])}`,
          body: typeof one.body.tools === 'string' ? { ...one.body, tools } : one.body,
        }))
    })
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
  const schema = JSON.parse(readFileSync(new URL(`wire/schemas/gemini/${name}.json`, GROUND), 'utf8'))
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
  const validate = ajv.compile(schema)
  return (value) => (validate(value) ? undefined : ajv.errorsText(validate.errors))
}
