/** The demo provider in the registry: computed, never stored, so that it goes by itself when a real provider comes. */
import { DEMO_MODELS, DEMO_PROVIDER } from '../providers/demo.ts'
import { describeProvider } from '../providers/known-providers.ts'
import { createRoute, createRouteTarget } from './route.ts'
import type { ServedAlias } from './served-group.ts'
import type { ServedModel, ServedProvider } from './served-provider.ts'

/** When the demo models came into the world, for lists; Unix time in seconds. */
const CREATED_AT = 1_767_225_600

/** The demo provider as it is when nobody has stored one of this name. */
export function serveDemo(): ServedProvider {
  const known = describeProvider(DEMO_PROVIDER)
  return {
    provider: {
      name: DEMO_PROVIDER,
      protocol: known.protocol,
      transport: known.transport,
      baseUrl: known.baseUrl ?? '',
      auth: known.auth,
      headers: {},
    },
    enabled: true,
    keys: [],
    models: new Map(
      DEMO_MODELS.map((name): [string, ServedModel] => [name, { name, facts: known.facts, createdAt: CREATED_AT }]),
    ),
    describe: () => known.facts,
  }
}

/** The demo models under their full and their bare names. */
export function listDemoAliases(demo: ServedProvider): readonly ServedAlias[] {
  return DEMO_MODELS.flatMap((model) => [
    nameDemo(demo, `${DEMO_PROVIDER}/${model}`, model),
    nameDemo(demo, model, model),
  ])
}

/** Whatever is asked for: a client that is set to any model gets an answer that says what it is. */
export function catchAllDemo(demo: ServedProvider): ServedAlias {
  return nameDemo(demo, '*', DEMO_MODELS[0])
}

function nameDemo(demo: ServedProvider, pattern: string, model: string): ServedAlias {
  return {
    kind: 'alias',
    pattern,
    route: createRoute(`${DEMO_PROVIDER}/${model}`, [createRouteTarget(demo, model)]),
    createdAt: CREATED_AT,
  }
}
