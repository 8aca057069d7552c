/** Log probabilities of an answer's tokens. Most protocols that tell them share one form, a list in `content`. */
import type { JsonObject, ProtocolName } from './extra.ts'
import type { ReportLoss } from './loss.ts'

/** As a protocol told them. */
export interface Logprobs {
  readonly protocol: ProtocolName
  readonly value: unknown
}

/** One token in the form that is shared, all members told. */
interface TokenLogprob {
  readonly token: string
  readonly logprob: number
  /** Its UTF-8. */
  readonly bytes: readonly number[]
  readonly top_logprobs: readonly Omit<TokenLogprob, 'top_logprobs'>[]
}

/** The tokens, for a protocol that has the shared form; nothing where they were told in a form of their own. Lists beside them are reported. */
export function readTokens({ value }: Logprobs, path: string, report: ReportLoss): readonly TokenLogprob[] | undefined {
  const { content, ...others } = isObject(value) ? value : {}
  if (!Array.isArray(content) || !content.every(isToken)) return undefined
  for (const list of Object.values(others)) {
    if (Array.isArray(list) && list.length > 0) report(`${path}.logprobs`, 'only tokens of the text are told here')
  }
  return content.map((entry) => {
    const top = entry['top_logprobs']
    return { ...completeToken(entry), top_logprobs: Array.isArray(top) ? top.filter(isToken).map(completeToken) : [] }
  })
}

const UTF8 = new TextEncoder()

type Entry = JsonObject & { readonly token: string; readonly logprob: number }

function isToken(entry: unknown): entry is Entry {
  return isObject(entry) && typeof entry['token'] === 'string' && typeof entry['logprob'] === 'number'
}

function completeToken({ token, logprob, bytes }: Entry): Omit<TokenLogprob, 'top_logprobs'> {
  return { token, logprob, bytes: Array.isArray(bytes) ? bytes : [...UTF8.encode(token)] }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
