/**
 * How a client asks for thoughts. OpenAI has `reasoning_effort`; its copies have objects and switches of their own
 * (OpenRouter `reasoning`; GLM, Kimi and DeepSeek `thinking`; Qwen `enable_thinking` and `thinking_budget`; NVIDIA variables
 * of the model's chat template).
 */

import { defined } from '../ir/defined.ts'
import { effortOfBudget, nearestEffort } from '../ir/effort.ts'
import { expectBoolean, expectInteger, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ReasoningSettings } from '../ir/request.ts'
import { type Kept, ownMember, type Rest, wordsOf } from './rest.ts'
import type { ChatCompletionRequest } from './wire.ts'

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] }
type Settings = Mutable<ReasoningSettings>

export const REASONING_MEMBERS = [
  'reasoning_effort',
  'reasoning',
  'thinking',
  'enable_thinking',
  'thinking_budget',
] as const

const EFFORT = 'reasoning_effort'
const REASONING = new Set(['effort', 'max_tokens', 'enabled', 'exclude'])
const THINKING = new Set(['type', 'budget_tokens'])

/** What `thinking.type` says. */
const MODES: Readonly<Record<string, NonNullable<ReasoningSettings['mode']>>> = {
  enabled: 'on',
  disabled: 'off',
  adaptive: 'adaptive',
  auto: 'adaptive',
}

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeReasoningSettings(fields: JsonObject, rest: Rest): ReasoningSettings | undefined {
  const settings: Settings = {}

  /** Where two members tell the same setting differently, the first counts and the other goes back as it is. */
  function note<Name extends keyof Settings>(name: Name, value: Settings[Name], place: string, wire: unknown): void {
    if (value === undefined) return
    if (settings[name] === undefined) settings[name] = value
    if (settings[name] === value) rest.spell(place)
    else rest.keep(place, wire)
  }

  const effort = optional(fields.reasoning_effort, EFFORT, expectString)
  note('effort', effort, EFFORT, effort)

  const reasoning = optional(fields.reasoning, 'reasoning', expectObject)
  if (reasoning !== undefined) {
    rest.spell('reasoning')
    rest.take(reasoning, REASONING, 'reasoning.')
    note('effort', optional(reasoning.effort, 'reasoning.effort', expectString), 'reasoning.effort', reasoning.effort)
    const budget = optional(reasoning.max_tokens, 'reasoning.max_tokens', expectInteger)
    note('budgetTokens', budget, 'reasoning.max_tokens', budget)
    const enabled = optional(reasoning.enabled, 'reasoning.enabled', expectBoolean)
    note('mode', modeOf(enabled), 'reasoning.enabled', enabled)
    const exclude = optional(reasoning.exclude, 'reasoning.exclude', expectBoolean)
    if (exclude === true) note('display', 'omitted', 'reasoning.exclude', exclude)
    else if (exclude === false) rest.keep('reasoning.exclude', false)
  }

  const thinking = optional(fields.thinking, 'thinking', expectObject)
  if (thinking !== undefined) {
    rest.spell('thinking')
    rest.take(thinking, THINKING, 'thinking.')
    const type = optional(thinking.type, 'thinking.type', expectString)
    const mode = type !== undefined && Object.hasOwn(MODES, type) ? MODES[type] : undefined
    if (mode === undefined && type !== undefined) rest.keep('thinking.type', type)
    note('mode', mode, `thinking.type:${type}`, type)
    const budget = optional(thinking.budget_tokens, 'thinking.budget_tokens', expectInteger)
    note('budgetTokens', budget, 'thinking.budget_tokens', budget)
  }

  const enable = optional(fields.enable_thinking, 'enable_thinking', expectBoolean)
  note('mode', modeOf(enable), 'enable_thinking', enable)
  const budget = optional(fields.thinking_budget, 'thinking_budget', expectInteger)
  note('budgetTokens', budget, 'thinking_budget', budget)
  // An object of members that only its vendor knows asks for something too, and needs its place to go back to.
  const isAsked = reasoning !== undefined || thinking !== undefined || Object.keys(settings).length > 0
  return isAsked ? settings : undefined
}

function modeOf(on: boolean | undefined): ReasoningSettings['mode'] {
  return on === undefined ? undefined : on ? 'on' : 'off'
}

/**
 * Writes the settings in the members that the client used, else as `reasoning_effort`.
 *
 * @returns what had to be said differently or left out, in words.
 */
export function writeReasoningSettings(
  settings: ReasoningSettings,
  wire: ChatCompletionRequest,
  request: Kept,
  facts: ModelFacts,
): string | undefined {
  const effort = settings.effort === undefined ? undefined : nearestEffort(settings.effort, facts.efforts)
  const changes: string[] = []
  if (effort !== settings.effort) {
    changes.push(effort === undefined ? 'this model does not know the effort' : `the effort became ${effort}`)
  }
  const { effort: _effort, ...others } = settings
  const wanted = effort === undefined ? others : { ...others, effort }
  // Whoever takes template variables refuses all the other words, the client's too (lesson 42).
  if (facts.reasoningMember === 'chat_template_kwargs') {
    changes.push(...BY_MEMBER.chat_template_kwargs(wanted, wire, facts))
    const own = ownMember(request.extra, 'chat_template_kwargs')
    if (isObject(own)) wire.chat_template_kwargs = { ...wire.chat_template_kwargs, ...own }
  } else if (!writeSpelled(wanted, wire, request)) {
    changes.push(...BY_MEMBER[facts.reasoningMember ?? 'reasoning_effort'](wanted, wire, facts))
  }
  return changes.length === 0 ? undefined : changes.join('; ')
}

/** Forbids a model to think that does so in streams only, and refuses everything else (lesson 39). */
export function forbidThoughts(
  settings: ReasoningSettings | undefined,
  wire: ChatCompletionRequest,
  report: ReportLoss,
): void {
  for (const member of REASONING_MEMBERS) delete wire[member]
  wire.enable_thinking = false
  const isAsked = settings !== undefined && settings.mode !== 'off' && settings.effort !== 'none'
  if (isAsked) report('settings.reasoning', 'this provider thinks in streams only: asked not to think', 'changed')
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function writeSpelled(settings: ReasoningSettings, wire: ChatCompletionRequest, request: Kept): boolean {
  const words = wordsOf(request)
  const isOn = settings.mode === 'on'
  if (words.includes('reasoning')) {
    wire.reasoning = defined({
      effort: words.includes('reasoning.effort') ? settings.effort : undefined,
      max_tokens: words.includes('reasoning.max_tokens') ? settings.budgetTokens : undefined,
      enabled: words.includes('reasoning.enabled') ? isOn : undefined,
      exclude: words.includes('reasoning.exclude') ? settings.display === 'omitted' : undefined,
    })
  }
  const type = words.find((word) => word.startsWith('thinking.type:'))?.slice('thinking.type:'.length)
  if (words.includes('thinking')) {
    wire.thinking = defined({
      type: type !== undefined && MODES[type] !== settings.mode ? (isOn ? 'enabled' : 'disabled') : type,
      budget_tokens: words.includes('thinking.budget_tokens') ? settings.budgetTokens : undefined,
    })
  }
  if (words.includes('enable_thinking')) wire.enable_thinking = isOn
  if (words.includes('thinking_budget') && settings.budgetTokens !== undefined) {
    wire.thinking_budget = settings.budgetTokens
  }
  if (words.includes(EFFORT) && settings.effort !== undefined) wire.reasoning_effort = settings.effort
  return REASONING_MEMBERS.some((member) => words.includes(member))
}

type Write = (settings: ReasoningSettings, wire: ChatCompletionRequest, facts: ModelFacts) => string[]

/** For what another protocol's client asked, in the words of vendors that have more of them (lesson 44). */
const BY_MEMBER: Readonly<Record<NonNullable<ModelFacts['reasoningMember']>, Write>> = {
  reasoning_effort: writeEffort,
  reasoning({ mode, effort, budgetTokens, display }, wire) {
    const isOff = mode === 'off' || effort === 'none'
    const isBare = effort === undefined && budgetTokens === undefined
    const written = defined({
      enabled: isOff ? false : isBare && mode === 'on' ? true : undefined,
      // Of effort and budget the API takes one.
      effort: isOff ? undefined : effort,
      max_tokens: isOff || effort !== undefined ? undefined : budgetTokens,
      exclude: display === 'omitted' && !isOff ? true : undefined,
    })
    if (Object.keys(written).length > 0) wire.reasoning = written
    const isBoth = !isOff && effort !== undefined && budgetTokens !== undefined
    return isBoth ? ['a budget of thoughts cannot be told beside the effort'] : []
  },
  thinking(settings, wire, facts) {
    return writeSwitch(settings, facts, (isOn) => {
      wire.thinking = { type: isOn ? 'enabled' : 'disabled' }
      return false
    })
  },
  enable_thinking(settings, wire, facts) {
    return writeSwitch(settings, facts, (isOn, budgetTokens) => {
      wire.enable_thinking = isOn
      if (isOn && budgetTokens !== undefined) wire.thinking_budget = budgetTokens
      return true
    })
  },
  chat_template_kwargs(settings, wire, facts) {
    return writeSwitch(settings, facts, (isOn) => {
      wire.chat_template_kwargs = { [facts.templateSwitch ?? 'enable_thinking']: isOn }
      return false
    })
  },
}

/** @param write tells yes or no, and whether it could tell the budget as well. */
function writeSwitch(
  { mode, effort, budgetTokens, display }: ReasoningSettings,
  facts: ModelFacts,
  write: (isOn: boolean, budgetTokens: number | undefined) => boolean,
): string[] {
  const changes = display === undefined ? [] : ['how thoughts are shown cannot be told']
  if (mode === 'off' || effort === 'none') {
    write(false, undefined)
    return changes
  }
  const isAsked = mode === 'on' || effort !== undefined || budgetTokens !== undefined
  // What decides for itself is left to.
  if (!isAsked) return changes
  if (facts.capabilities?.reasoning === false) return [...changes, 'this model does not think']
  const tellsBudget = write(true, budgetTokens)
  if (effort !== undefined) changes.push('asked to think, without the effort')
  if (budgetTokens !== undefined && !tellsBudget) changes.push('a budget of thoughts cannot be told')
  return changes
}

/** For what another protocol's client asked: the one word that this protocol has for it. */
function writeEffort(settings: ReasoningSettings, wire: ChatCompletionRequest, facts: ModelFacts): string[] {
  const changes: string[] = []
  const { mode, effort, budgetTokens, display } = settings
  if (display !== undefined) changes.push('how thoughts are shown cannot be told')
  if (mode === 'off' || effort === 'none') {
    const knowsEffort = facts.capabilities?.reasoning === true || effort === 'none'
    const least = facts.efforts?.[0] ?? (knowsEffort ? 'none' : undefined)
    if (least === undefined) {
      // A model that does not think refuses the member, and there is nothing to switch off.
      const isSure = facts.capabilities?.reasoning === false
      return isSure ? changes : [...changes, 'not told to a model of which nobody knows that it thinks']
    }
    wire.reasoning_effort = least
    return least === 'none' ? changes : [...changes, `this model cannot but think: asked for ${least} effort`]
  }
  if (facts.capabilities?.reasoning === false) {
    if (mode === 'adaptive' && effort === undefined) return changes
    return [...changes, 'this model does not think']
  }
  if (effort !== undefined) {
    wire.reasoning_effort = effort
    if (budgetTokens !== undefined) changes.push('a budget of thoughts cannot be told beside the effort')
  } else if (budgetTokens !== undefined || mode === 'on') {
    const asked = budgetTokens === undefined ? 'medium' : effortOfBudget(budgetTokens)
    wire.reasoning_effort = nearestEffort(asked, facts.efforts) ?? asked
    changes.push(`asked for ${wire.reasoning_effort} effort`)
  }
  return changes
}
