/** `POST /admin/explain` with a group and a model: which rule would lead where, and why not elsewhere. Nobody is called. */
import type { Glance } from '../../protocols/codec.ts'
import type { Target } from '../providers/target.ts'
import { DEFAULT_GROUP } from '../registry/default-group.ts'
import type { Registry } from '../registry/registry.ts'
import { maskSecret } from './mask-secret.ts'
import { bodyReader } from './read-body.ts'

export interface RouteQuestion {
  /** Absent: `default`. */
  readonly group?: string
  readonly model: string
  /** Tools by prompt, as after `/compat_mode`. */
  readonly compat?: boolean
  /** How many tokens the request is to have; absent: few. */
  readonly tokens?: number
  readonly thinking?: boolean
  readonly needs?: Partial<Glance['needs']>
}

const FLAG = { type: 'boolean' } as const

export const readQuestion = bodyReader<RouteQuestion>({
  type: 'object',
  required: ['model'],
  additionalProperties: false,
  properties: {
    group: { type: 'string', minLength: 1 },
    model: { type: 'string', minLength: 1 },
    compat: FLAG,
    tokens: { type: 'integer', minimum: 0 },
    thinking: FLAG,
    needs: {
      type: 'object',
      additionalProperties: false,
      properties: { tools: FLAG, images: FLAG, audio: FLAG, files: FLAG },
    },
  },
})

/** @throws ApiFailure when no rule applies. */
export function explainRoute(registry: Registry, question: RouteQuestion): object {
  const { group = DEFAULT_GROUP, model, compat = false, tokens = 0, thinking = false, needs = {} } = question
  const glance: Glance = {
    model,
    stream: false,
    thinking,
    needs: { tools: false, images: false, audio: false, files: false, ...needs },
    // No token has less than a byte.
    textBytes: tokens + 1,
  }
  const facts = { compat, countTokens: () => tokens }
  const explained = registry.snapshot().explainTargets(group, model, glance, facts)
  const { rule, title, targets, leftOut, refusal } = explained
  return {
    group: explained.group.name,
    model: explained.model,
    rule,
    title,
    strategy: explained.group.policy.strategy ?? 'weighted',
    targets: targets.map(describe),
    left_out: leftOut,
    ...(refusal === undefined ? {} : { refusal: { kind: refusal.kind, message: refusal.message } }),
  }
}

function describe({ provider, model, key, parameters }: Target): object {
  return {
    provider: provider.name,
    protocol: provider.protocol,
    model,
    ...(key === undefined ? {} : { key: maskSecret(key.secret) }),
    ...(parameters === undefined ? {} : { parameters }),
  }
}
