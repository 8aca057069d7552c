/** Remembers which models have said that they cannot be given tools, so that nobody asks them twice. */
import type { ApiError } from '../../protocols/ir/error.ts'
import type { Target } from '../providers/target.ts'

export interface ToolRefusals {
  has(target: Target): boolean
  note(target: Target): void
  /** `provider/model` of each, for people. */
  list(): readonly string[]
  /** All may be asked again. */
  clear(): void
}

/** Clients can name models at will. */
const REMEMBERED = 10_000

export function createToolRefusals(): ToolRefusals {
  const refused = new Map<string, string>()
  return {
    has: (target) => refused.size > 0 && refused.has(nameOf(target)),
    note(target) {
      if (refused.size >= REMEMBERED) refused.clear()
      refused.set(nameOf(target), `${target.provider.name}/${target.model}`)
    },
    list: () => [...refused.values()].sort(),
    clear: () => refused.clear(),
  }
}

/** A provider at another address is another one. */
function nameOf({ provider, model }: Target): string {
  return `${provider.name}\n${provider.baseUrl}\n${model}`
}

/**
 * How servers word it: Ollama `... does not support tools`, OpenRouter `No endpoints found that support tool use`, vLLM
 * `"auto" tool choice requires --enable-auto-tool-choice`, llama.cpp `tools param requires --jinja flag`, others `tools is not supported`.
 */
const REFUSALS: readonly RegExp[] = [
  /(?:does|do) not support (?:the )?(?:tools?|function|tool[ _-]?(?:use|calls?|calling|choice))\b/i,
  /(?:tools?|functions?|tool[ _-]?(?:use|calls?|calling|choice)|function[ _-]?calling)['"`]? (?:is|are) (?:not|un)[ -]?(?:supported|available|allowed|enabled)/i,
  /no endpoints found that support tool use/i,
  /unsupported (?:parameters?|fields?|arguments?)\W+['"`]?tools?\b/i,
  /requires --enable-auto-tool-choice|tools? param requires --jinja/i,
]

/** Whether a failure says that the model cannot be given tools: a fault of the request in the eyes of the back end. */
export function refusesTools({ kind, source, message }: ApiError): boolean {
  if (source !== 'provider') return false
  if (kind !== 'bad-request' && kind !== 'model-not-found' && kind !== 'not-found' && kind !== 'not-implemented')
    return false
  return REFUSALS.some((words) => words.test(message))
}
