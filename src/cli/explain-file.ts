import { readFileSync } from 'node:fs'
import { findCodec } from '../../protocols/index.ts'
import { parseJson } from '../../protocols/json/parse.ts'
import { explainRequest } from '../gateway/explain.ts'
import { describeModel } from '../providers/known-models.ts'

export interface ExplainFlags {
  readonly from: string
  readonly to: string
  readonly model?: string
}

/** What a back end would be sent for the request in a file, and each loss, as text. @throws Error in a line for people. */
export function explainFile(file: string, { from, to, model }: ExplainFlags): string {
  const body = parseJson(readFileSync(file === '-' ? 0 : file))
  const order = { from: findCodec(from), to: findCodec(to), body, factsOf: describeModel }
  const { method, path, query, body: sent, losses } = explainRequest(model === undefined ? order : { ...order, model })
  const told = losses.map((loss) => `  ${loss.effect} ${loss.path}: ${loss.reason}`)
  return [
    `${method} ${path}${query === '' ? '' : `?${query}`}`,
    JSON.stringify(sent, null, 2),
    '',
    told.length === 0
      ? 'Nothing is lost.'
      : `${told.length} ${told.length === 1 ? 'thing is' : 'things are'} not told as written:`,
    ...told,
    '',
  ].join('\n')
}
