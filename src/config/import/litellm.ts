/**
 * Reads the `config.yaml` of LiteLLM's proxy.
 *
 * @see https://docs.litellm.ai/docs/proxy/configs
 */
import type { WrittenGroup } from '../group-notation.ts'
import type { WrittenParameters } from '../parameters.ts'
import type { WrittenPerformance } from '../performance-notation.ts'
import { readDocument } from '../read-document.ts'
import type { WrittenTarget } from '../target-notation.ts'
import type { WrittenConfig } from '../written-config.ts'
import type { Imported, LeftOut } from './imported.ts'
import { createProviderTable, type ProviderTable } from './litellm-providers.ts'
import { type Members, readList, readMembers, readNumber, readText } from './read-member.ts'

type TargetObject = Exclude<WrittenTarget, string>

const PARAMETERS = ['temperature', 'top_p', 'max_tokens', 'seed', 'presence_penalty', 'frequency_penalty', 'stop']

/** Of `litellm_params`, beside those. */
const READ: ReadonlySet<string> = new Set([
  ...['model', 'custom_llm_provider', 'api_base', 'api_key', 'weight', 'order'],
  ...PARAMETERS,
])

const STRATEGIES: Readonly<Record<string, Exclude<WrittenGroup['strategy'], undefined>>> = {
  'simple-shuffle': 'weighted',
  'least-busy': 'least-busy',
}

/** What only tunes LiteLLM itself, or what is always so here. */
const NEEDLESS: ReadonlySet<string> = new Set([
  'drop_params',
  'set_verbose',
  'modify_params',
  'json_logs',
  'debug_level',
])

/**
 * Its models become aliases of the group `default`.
 *
 * @param name what problems call the text; its end tells whether it is YAML or JSON.
 * @throws ConfigFault for text that is neither.
 */
export function importLiteLlm(name: string, text: string): Imported {
  const source = readMembers(readDocument(name, text, spellVariables).value)
  const left: LeftOut[] = []
  const table = createProviderTable()
  const deployments = readDeployments(source, table, left)
  const settings = { ...readMembers(source['litellm_settings']), ...readMembers(source['router_settings']) }
  const aliases = addFallbacks(addSynonyms(deployments, settings, left), settings, left)
  const strategy = readStrategy(settings, left)
  reportRest(source, left)
  const apikey = readText(readMembers(source['general_settings'])['master_key'])
  const performance = readPerformance(settings)
  const providers = table.list()
  const group: WrittenGroup = {
    ...(strategy === undefined ? {} : { strategy }),
    ...(aliases.size === 0 ? {} : { aliases: Object.fromEntries(aliases) }),
  }
  const written: WrittenConfig = {
    ...(apikey === undefined ? {} : { apikey }),
    ...(Object.keys(performance).length === 0 ? {} : { performance }),
    ...(providers.length === 0 ? {} : { providers }),
    ...(Object.keys(group).length === 0 ? {} : { groups: { default: group } }),
  }
  return { written, left }
}

/** `os.environ/NAME`, as a whole text only; what looks like one of our variables is none there. */
function spellVariables(text: string): string {
  const name = /^os\.environ\/([A-Za-z_][A-Za-z0-9_]*)$/.exec(text.trim())?.[1]
  return name === undefined ? text.replaceAll('${', '$$$${') : `\${${name}}`
}

function readDeployments(source: Members, table: ProviderTable, left: LeftOut[]): Map<string, readonly TargetObject[]> {
  const deployments = new Map<string, readonly TargetObject[]>()
  for (const [index, value] of readList(source['model_list']).entries()) {
    const path = `model_list.${index}`
    const entry = readMembers(value)
    const parameters = readMembers(entry['litellm_params'])
    const name = readText(entry['model_name'])
    const added = name === undefined ? { reason: 'has no model_name' } : table.add(parameters)
    if ('reason' in added || name === undefined) {
      left.push({ path, reason: 'reason' in added ? added.reason : 'has no model_name' })
      continue
    }
    for (const key of Object.keys(parameters).filter((one) => !READ.has(one))) {
      left.push({ path: `${path}.litellm_params.${key}`, reason: 'has no counterpart' })
    }
    const { target } = added
    // Models of a provider may be named as provider/model anyway.
    if (name === `${target.provider}/*` && target.model === '*') continue
    if (target.model.includes('*')) {
      left.push({ path, reason: 'passes the name of the model on, which an alias does not' })
      continue
    }
    deployments.set(name, [...(deployments.get(name) ?? []), completeTarget(target, parameters)])
  }
  return deployments
}

function completeTarget(target: TargetObject, parameters: Members): TargetObject {
  const weight = readNumber(parameters['weight'])
  const order = readNumber(parameters['order'])
  const own: WrittenParameters = Object.fromEntries(
    PARAMETERS.filter((key) => parameters[key] !== undefined && parameters[key] !== null).map((key) => [
      key,
      parameters[key],
    ]),
  )
  return {
    ...target,
    ...(weight === undefined || weight < 1 ? {} : { weight: Math.round(weight) }),
    ...(order === undefined ? {} : { priority: Math.round(order) }),
    ...(Object.keys(own).length === 0 ? {} : { parameters: own }),
  }
}

/** `model_group_alias`: other names for the same targets. */
function addSynonyms(
  deployments: ReadonlyMap<string, readonly TargetObject[]>,
  settings: Members,
  left: LeftOut[],
): Map<string, readonly TargetObject[]> {
  const all = new Map(deployments)
  for (const [name, value] of Object.entries(readMembers(settings['model_group_alias']))) {
    const targets = deployments.get(readText(value) ?? readText(readMembers(value)['model']) ?? '')
    if (targets === undefined) left.push({ path: `model_group_alias.${name}`, reason: 'leads to no model of the list' })
    else all.set(name, targets)
  }
  return all
}

/** `fallbacks`: the targets of other names, tried behind a name's own. */
function addFallbacks(
  aliases: ReadonlyMap<string, readonly TargetObject[]>,
  settings: Members,
  left: LeftOut[],
): ReadonlyMap<string, readonly TargetObject[]> {
  const all = new Map(aliases)
  const append = (name: string, others: readonly unknown[], path: string): void => {
    const own = aliases.get(name)
    if (own === undefined) left.push({ path, reason: `belongs to ${name}, which is no model of the list` })
    for (const other of own === undefined ? [] : others) {
      const more = aliases.get(readText(other) ?? '')
      if (more === undefined) left.push({ path, reason: 'leads to no model of the list' })
      else if (readText(other) !== name) all.set(name, [...(all.get(name) ?? []), ...behind(all.get(name) ?? [], more)])
    }
  }
  const rows = readList(settings['fallbacks'])
  for (const [index, row] of rows.entries()) {
    for (const [name, others] of Object.entries(readMembers(row))) append(name, readList(others), `fallbacks.${index}`)
  }
  const covered = new Set(rows.flatMap((row) => Object.keys(readMembers(row))))
  for (const name of aliases.keys()) {
    if (!covered.has(name)) append(name, readList(settings['default_fallbacks']), 'default_fallbacks')
  }
  return all
}

function behind(before: readonly TargetObject[], more: readonly TargetObject[]): readonly TargetObject[] {
  const last = Math.max(...before.map(({ priority = 0 }) => priority))
  const first = Math.min(...more.map(({ priority = 0 }) => priority))
  return more.map((target) => ({ ...target, priority: last + 1 + (target.priority ?? 0) - first }))
}

function readStrategy(settings: Members, left: LeftOut[]): WrittenGroup['strategy'] {
  const wanted = readText(settings['routing_strategy'])
  const strategy = STRATEGIES[wanted ?? '']
  if (wanted !== undefined && strategy === undefined) {
    left.push({ path: 'router_settings.routing_strategy', reason: 'is no strategy that there is here' })
  }
  return strategy
}

function readPerformance(settings: Members): WrittenPerformance {
  const retries = readNumber(settings['num_retries'])
  const timeout = readNumber(settings['timeout'] ?? settings['request_timeout'])
  const fails = readNumber(settings['allowed_fails'])
  const cooldown = readNumber(settings['cooldown_time'])
  return {
    ...(timeout === undefined || timeout <= 0 ? {} : { request_timeout: `${timeout}s` }),
    ...(retries === undefined || retries < 0 ? {} : { max_attempts: Math.min(100, Math.round(retries) + 1) }),
    // Theirs is how many are still allowed.
    ...(fails === undefined || fails < 0 ? {} : { circuit_breaker_threshold: Math.round(fails) + 1 }),
    ...(cooldown === undefined || cooldown < 0 ? {} : { circuit_breaker_timeout: `${cooldown}s` }),
  }
}

const CARRIED: Readonly<Record<string, readonly string[]>> = {
  litellm_settings: ['fallbacks', 'default_fallbacks', 'num_retries', 'request_timeout', 'allowed_fails'],
  router_settings: [
    ...['fallbacks', 'default_fallbacks', 'num_retries', 'timeout', 'allowed_fails', 'cooldown_time'],
    ...['routing_strategy', 'model_group_alias'],
  ],
  general_settings: ['master_key'],
}

function reportRest(source: Members, left: LeftOut[]): void {
  for (const [section, value] of Object.entries(source)) {
    const carried = CARRIED[section]
    if (section === 'model_list') continue
    if (carried === undefined) left.push({ path: section, reason: 'has no counterpart' })
    for (const key of carried === undefined ? [] : Object.keys(readMembers(value))) {
      if (carried?.includes(key) || NEEDLESS.has(key)) continue
      left.push({ path: `${section}.${key}`, reason: 'has no counterpart' })
    }
  }
}
