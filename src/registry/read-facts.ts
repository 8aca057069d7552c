/** Reads what the registry's rows tell of a model. */
import type { Capabilities, ModelFacts } from '../../protocols/ir/facts.ts'
import { TOOL_DIALECTS } from '../../protocols/ir/tool-dialect.ts'
import { describeModel, mergeFacts } from '../providers/known-models.ts'
import type { ModelRow } from '../store/models.ts'
import { RegistryFault } from './registry-fault.ts'

type FactsReader = (value: unknown) => boolean

const isCount: FactsReader = (value) => typeof value === 'number' && Number.isInteger(value) && value > 0
const isBoolean: FactsReader = (value) => typeof value === 'boolean'
const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts: FactsReader = (value) => Array.isArray(value) && value.every(isText)
const isTextMap: FactsReader = (value) => isObject(value) && Object.values(value).every(isText)

const CAPABILITIES: Readonly<Record<keyof Capabilities, FactsReader>> = {
  tools: isBoolean,
  images: isBoolean,
  audio: isBoolean,
  files: isBoolean,
  reasoning: isBoolean,
  jsonSchema: isBoolean,
  embedding: isBoolean,
}

const REASONING_MEMBERS: ReadonlySet<string> = new Set([
  'reasoning_effort',
  'reasoning',
  'thinking',
  'enable_thinking',
  'chat_template_kwargs',
])

const FACTS: Readonly<Record<keyof ModelFacts, FactsReader>> = {
  contextTokens: isCount,
  maxOutputTokens: isCount,
  defaultMaxOutputTokens: isCount,
  capabilities: (value) => hasOnly(value, CAPABILITIES),
  issuer: isText,
  efforts: isTexts,
  reasoningMember: (value) => isText(value) && REASONING_MEMBERS.has(value),
  templateSwitch: isText,
  thinksOnlyStreaming: isBoolean,
  ownDialect: isBoolean,
  replaysReasoning: isBoolean,
  developerRole: isBoolean,
  freeformTools: isBoolean,
  cacheMarks: isBoolean,
  countsReasoningAsOutput: isBoolean,
  renames: isTextMap,
  insistsOn: isTextMap,
  refuses: isTexts,
  thinkTags: isBoolean,
  adds: isObject,
  thinksUnforced: isBoolean,
  fetchesUrls: isBoolean,
  toolDialect: (value) => TOOL_DIALECTS.some((name) => name === value),
}

/**
 * What is known of a model at a provider: from its provider in general, over its name, to what its row says.
 *
 * @param row absent for a model that is asked for without being listed.
 * @throws RegistryFault for a row whose facts are not what facts are.
 */
export function readFacts(provider: string, providerFacts: ModelFacts, name: string, row?: ModelRow): ModelFacts {
  let facts = mergeFacts(providerFacts, describeModel(name))
  if (row !== undefined) facts = mergeFacts(facts, readRow(`providers.${provider}.models.${name}`, row))
  const { maxOutputTokens, defaultMaxOutputTokens } = facts
  const isTooMuch =
    maxOutputTokens !== undefined && defaultMaxOutputTokens !== undefined && maxOutputTokens < defaultMaxOutputTokens
  return isTooMuch ? { ...facts, defaultMaxOutputTokens: maxOutputTokens } : facts
}

function readRow(path: string, row: ModelRow): ModelFacts {
  if (!hasOnly(row.facts, FACTS)) throw new RegistryFault(`${path}.facts`, 'holds something that is no fact of a model')
  if (!hasOnly(row.capabilities, CAPABILITIES)) {
    throw new RegistryFault(
      `${path}.capabilities`,
      `must hold only true or false for ${Object.keys(CAPABILITIES).join(', ')}`,
    )
  }
  // Checked field by field just now.
  return mergeFacts(row.facts as ModelFacts, {
    ...(row.contextTokens === null ? {} : { contextTokens: row.contextTokens }),
    ...(row.maxOutputTokens === null ? {} : { maxOutputTokens: row.maxOutputTokens }),
    ...(row.defaultMaxOutputTokens === null ? {} : { defaultMaxOutputTokens: row.defaultMaxOutputTokens }),
    capabilities: row.capabilities as Capabilities,
  })
}

function hasOnly(value: unknown, readers: Readonly<Record<string, FactsReader>>): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(([name, member]) => Object.hasOwn(readers, name) && readers[name]?.(member) === true)
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
