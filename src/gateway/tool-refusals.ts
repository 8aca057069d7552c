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

const TOOLS = String.raw`(?<!parallel[ _-]|hosted |with )\b(?:tools?|functions?|(?:tool|function)[ _-]?(?:use|calls?|calling))\b['"\`]?`
const NO = `(?:does|do|did)(?: not|n['’]t) (?:yet |currently )?(?:support|allow|accept|advertise)`
const ARE_NOT = `(?:is|are|has|have)(?: currently)?(?: not|n['’]t)(?: been)?(?: yet| fully| currently)? (?:supported|available|allowed|enabled|implemented)`
/** Only some tools, or tools beside something else, are refused there: taught by prompt, the others would be lost for nothing. */
const WHOLLY = String.raw`(?! (?:of|named|with|when|while|together|in combination)\b(?! th(?:is|e) (?:model|provider|endpoint)))`

/** How servers word it: see the table of the test. A value of the tool choice that is refused says nothing of the tools. */
const REFUSALS: readonly RegExp[] = [
  `${NO} (?:the |any |native )?(?:parameters?:? )?[\\[{]?['"\`]?${TOOLS}${WHOLLY}`,
  `${TOOLS} (?:param(?:eter)? |support )?${ARE_NOT}${WHOLLY}`,
  `${TOOLS} (?:is|are) (?:un|not )supported${WHOLLY}`,
  `(?:unsupported|unrecognized|unknown) (?:(?:request )?(?:param(?:eter)?|field|argument|name)s?(?: supplied)?)[: ]+['"\`]?(?:tools|functions)\\b(?![.[])`,
  String.raw`\btools: extra inputs are not permitted`,
  'no endpoints found that support tool use',
  'no connected provider supports tool calling',
  'requires? (?:--enable-auto-tool-choice|--tool-call-parser)|tools? param requires --jinja',
].map((words) => new RegExp(words, 'i'))

/** What is no answer to what was asked, but to who asked, how often, or when. */
const OTHER_KINDS: ReadonlySet<ApiError['kind']> = new Set([
  'unauthorized',
  'payment-required',
  'rate-limited',
  'overloaded',
  'cancelled',
  'request-timeout',
  'upstream-timeout',
  'context-overflow',
  'content-filtered',
])

/** Whether a failure says that the model cannot be given tools. Some servers say so with 404, 405 or 500. */
export function refusesTools({ kind, source, message }: ApiError): boolean {
  return source === 'provider' && !OTHER_KINDS.has(kind) && REFUSALS.some((words) => words.test(message))
}
