/** What real programs sent, each request with the tools that its capture names by reference only; none where the ground is absent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const GROUND = new URL('../../../shared/clients/captures/', import.meta.url)

export interface Captured {
  /** The program, and the number of the request. */
  readonly title: string
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: any
  readonly answered: string | number
}

export const hasCaptures = existsSync(GROUND)

/** For `before`: says why nothing runs. */
export function skipWithoutCaptures(this: Mocha.Context): void {
  if (hasCaptures) return
  console.log('      skipped: no captures here')
  this.skip()
}

export function readCaptures(): readonly Captured[] {
  if (!hasCaptures) return []
  return readdirSync(GROUND)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => readCapture(JSON.parse(readFileSync(new URL(name, GROUND), 'utf8')), name.replace('.json', '')))
}

function readCapture({ requests }: { requests: readonly any[] }, name: string): Captured[] {
  const tools = requests.find((one) => Array.isArray(one.body?.tools))?.body.tools
  const headers = requests.find((one) => Array.isArray(one.headers))?.headers ?? []
  return requests.map((one, index) => ({
    title: `${name} ${index}`,
    method: one.method,
    path: `${one.path}${one.query === undefined ? '' : `?${new URLSearchParams(one.query)}`}`,
    headers: readHeaders(Array.isArray(one.headers) ? one.headers : headers),
    body: typeof one.body?.tools === 'string' ? { ...one.body, tools } : one.body,
    answered: one.answered,
  }))
}

/** Those that a program chooses by itself; the others belong to the connection. */
function readHeaders(lines: readonly string[]): Record<string, string> {
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return Object.fromEntries(pairs.filter(([name]) => /^(?:anthropic-|x-|user-agent|accept$|content-type)/.test(name)))
}
