/** What real back ends of this protocol were sent and answered. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = '../shared/wire/openai-chat'
const SCHEMAS = '../shared/wire/schemas/openai-chat'

export interface Recording {
  readonly id: string
  readonly provider: string
  readonly request: { readonly body: any } | null
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body?: any
    readonly stream?: string
    readonly text?: string
  }
}

/** Chat exchanges only: lists of models and embeddings are other endpoints. Empty where the folder is absent. */
export function readRecordings(): readonly Recording[] {
  if (!existsSync(FOLDER)) return []
  return readdirSync(FOLDER)
    .filter((name) => !name.includes('embeddings') && !name.includes('-models-'))
    .map((name): Recording => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')))
}

export function readSchema(name: string): any {
  return JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'))
}
