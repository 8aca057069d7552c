/** Shapes requests as a group wants them. */
import type { Glance } from '../../../protocols/codec.ts'
import { type Loss, listLosses } from '../../../protocols/ir/loss.ts'
import type { ChatRequest, ChatSettings } from '../../../protocols/ir/request.ts'
import type { GroupPolicy } from '../../config/group-policy.ts'
import { compileGlob } from '../../registry/globs.ts'
import { addPrompt } from './add-prompt.ts'
import { fillSettings } from './fill-settings.ts'
import { filterTools } from './filter-tools.ts'
import { replacePrompt } from './replace-prompt.ts'

export interface Shaper {
  /** Whether the group changes the body of such a request, so that its bytes cannot pass as they are. */
  changes(glance: Glance): boolean
  /**
   * A new request as the group wants it.
   *
   * @param asked the model as the client asked for it.
   * @param route what the chosen route fills in.
   */
  shape(
    request: ChatRequest,
    asked: string,
    route: Partial<ChatSettings> | undefined,
  ): { readonly request: ChatRequest; readonly losses: readonly Loss[] }
}

const SHAPERS = new WeakMap<GroupPolicy, Shaper>()

/** Compiled once for each state of a group. */
export function shaperOf(policy: GroupPolicy): Shaper {
  const known = SHAPERS.get(policy)
  if (known !== undefined) return known
  const shaper = createShaper(policy)
  SHAPERS.set(policy, shaper)
  return shaper
}

function createShaper(policy: GroupPolicy): Shaper {
  const { parameters, prompt, promptReplacements = [], temperatureRatio, bodyParameters } = policy
  const isBarred = matchAny(policy.toolFilter ?? [])
  const injects = prompt?.models === undefined ? () => prompt !== undefined : matchAny(prompt.models)
  const always =
    isFilled(parameters) || promptReplacements.length > 0 || temperatureRatio !== undefined || isFilled(bodyParameters)
  const filters = (policy.toolFilter ?? []).length > 0

  return {
    changes: ({ model, needs }) => always || injects(model) || (filters && needs.tools),
    shape(request, asked, route) {
      const { losses, report } = listLosses()
      const replaced =
        promptReplacements.length === 0 ? request.messages : replacePrompt(request.messages, promptReplacements)
      const messages = prompt !== undefined && injects(asked) ? addPrompt(replaced, prompt, report) : replaced
      const settings = fillSettings(request.settings, route, parameters, temperatureRatio, report)
      return { request: filterTools({ ...request, messages, settings }, isBarred, report), losses }
    },
  }
}

function matchAny(patterns: readonly string[]): (text: string) => boolean {
  const globs = patterns.map(compileGlob)
  return (text) => globs.some((glob) => glob.matches(text))
}

function isFilled(object: object | undefined): boolean {
  return object !== undefined && Object.keys(object).length > 0
}
