/**
 * How much the model thinks: a budget of tokens up to Gemini 2.5, a level from Gemini 3 on.
 *
 * @see https://ai.google.dev/gemini-api/docs/thinking
 */
import type { ModelFacts } from '../ir/facts.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ReasoningSettings } from '../ir/request.ts'
import { generationOf, isPro } from './generation.ts'
import { isOwn, type Kept } from './keep.ts'
import type { GenerationConfig, ThinkingConfig } from './wire.ts'

export interface ThinkingContext {
  readonly model: string
  readonly facts: ModelFacts
  readonly request: Kept
  readonly report: ReportLoss
}

const PATH = 'settings.reasoning'

export function writeReasoning(reasoning: ReasoningSettings, config: GenerationConfig, context: ThinkingContext): void {
  const written = isOwn(context.request) ? writeOwn(reasoning) : writeForeign(reasoning, context)
  if (written !== undefined && Object.keys(written).length > 0) config.thinkingConfig = written
}

/** As the client of this protocol said it; it knows its model. */
function writeOwn({ mode, effort, budgetTokens, display }: ReasoningSettings): ThinkingConfig {
  const budget = mode === 'off' ? 0 : mode === 'adaptive' ? DYNAMIC : budgetTokens
  return {
    ...(display === undefined ? {} : { includeThoughts: display !== 'omitted' }),
    ...(budget === undefined ? {} : { thinkingBudget: budget }),
    ...(effort === undefined ? {} : { thinkingLevel: effort.toUpperCase() }),
  }
}

/** The model chooses for itself how much it thinks. */
const DYNAMIC = -1
/** Models before this one do not think and refuse to be asked. */
const FIRST_THINKING = 2.5
const FIRST_WITH_LEVELS = 3

function writeForeign(reasoning: ReasoningSettings, context: ThinkingContext): ThinkingConfig | undefined {
  const { model, facts, report } = context
  const isOff = reasoning.mode === 'off' || (reasoning.mode === undefined && reasoning.effort === 'none')
  if (isOff && reasoning.effort !== undefined && reasoning.effort !== 'none')
    report(`${PATH}.effort`, 'a model that does not think takes no effort')
  const generation = generationOf(model)
  const cannotThink = generation > 0 && generation < FIRST_THINKING
  if (facts.capabilities?.reasoning === false || (cannotThink && facts.capabilities?.reasoning !== true)) {
    if (!isOff) report(PATH, 'this model does not think before it answers')
    return undefined
  }
  const amount =
    generation >= FIRST_WITH_LEVELS ? chooseLevel(reasoning, isOff, context) : chooseBudget(reasoning, isOff, context)
  const shows = !isOff && reasoning.display !== 'omitted'
  return { ...(shows ? { includeThoughts: true } : {}), ...amount }
}

/** From little to much. */
const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** Levels that each family takes; a lower effort becomes its first, a higher one its last. */
const FLASH_LEVELS = ['minimal', 'low', 'medium', 'high']
const PRO_LEVELS = ['low', 'medium', 'high']

function chooseLevel(reasoning: ReasoningSettings, isOff: boolean, context: ThinkingContext): ThinkingConfig {
  const { model, facts, report } = context
  const effort = isOff ? 'none' : (reasoning.effort ?? effortOfBudget(reasoning.budgetTokens))
  if (effort === undefined) return {}
  const known = facts.efforts ?? (isPro(model) ? PRO_LEVELS : FLASH_LEVELS)
  const level = nearestLevel(effort, known)
  if (isOff) {
    if (level !== 'none')
      report(PATH, `this model cannot but think: it is asked for as little as it can (${level})`, 'changed')
  } else if (level !== reasoning.effort) report(PATH, `the effort became ${level}`, 'changed')
  return { thinkingLevel: level.toUpperCase() }
}

/** Of two equally near the smaller; an unknown word counts as medium (trap 96). */
function nearestLevel(effort: string, known: readonly string[]): string {
  const wanted = rankOf(effort)
  return known.reduce((best, one) => (Math.abs(rankOf(one) - wanted) < Math.abs(rankOf(best) - wanted) ? one : best))
}

function rankOf(effort: string): number {
  const rank = EFFORTS.indexOf(effort)
  return rank < 0 ? EFFORTS.indexOf('medium') : rank
}

/** Budgets for efforts, as Google's own copy of the Chat Completions API maps them; also read backwards. */
const BUDGETS: ReadonlyMap<string, number> = new Map([
  ['none', 0],
  ['minimal', 1024],
  ['low', 1024],
  ['medium', 8192],
  ['high', 24_576],
  ['xhigh', 24_576],
  ['max', 24_576],
])

const MEDIUM_FROM_TOKENS = 4096
const HIGH_FROM_TOKENS = 16_384

function effortOfBudget(budget: number | undefined): string | undefined {
  if (budget === undefined) return undefined
  if (budget < MEDIUM_FROM_TOKENS) return 'low'
  return budget < HIGH_FROM_TOKENS ? 'medium' : 'high'
}

/** The larger model always thinks, and longer. */
const PRO_BUDGET = { least: 128, most: 32_768 }
const FLASH_BUDGET = { least: 0, most: 24_576 }

function chooseBudget(reasoning: ReasoningSettings, isOff: boolean, context: ThinkingContext): ThinkingConfig {
  const { model, report } = context
  const wanted = isOff ? 0 : (reasoning.budgetTokens ?? budgetOfEffort(reasoning))
  if (wanted === undefined) return {}
  if (wanted === DYNAMIC) {
    if (reasoning.effort !== undefined && reasoning.budgetTokens === undefined)
      report(PATH, `${reasoning.effort} is no known effort: the model chooses its budget`, 'changed')
    return { thinkingBudget: DYNAMIC }
  }
  const { least, most } = isPro(model) ? PRO_BUDGET : FLASH_BUDGET
  const budget = Math.min(Math.max(wanted, least), most)
  const { effort } = reasoning
  if (!isOff && effort !== undefined && reasoning.budgetTokens === undefined)
    report(PATH, `${effort} is sent as a budget of ${budget} tokens`, 'changed')
  if (budget !== wanted)
    report(`${PATH}.budgetTokens`, `${wanted} became ${budget}, as far as this model goes`, 'changed')
  return { thinkingBudget: budget }
}

function budgetOfEffort({ mode, effort }: ReasoningSettings): number | undefined {
  if (effort !== undefined) return BUDGETS.get(effort) ?? DYNAMIC
  return mode === undefined ? undefined : DYNAMIC
}
