/** `/admin/settings`: what may be changed of the running gateway. */
import { Router } from 'express'
import { PERFORMANCE_SCHEMA } from '../config/performance-notation.ts'
import { CONFIG_SCHEMA } from '../config/schema.ts'
import type { Store } from '../store/open-store.ts'
import type { MakeChange } from './change.ts'
import { type Changeable, type LiveValues, readLiveSettings, writeLiveSettings } from './live-settings.ts'
import { bodyReader, isMembers, parseBody, takeBytes } from './read-body.ts'
import { type Resource, showResource, tagOfValue } from './resource.ts'

const { log, response_model, long_context_threshold } = CONFIG_SCHEMA.properties
const { max_attempts, circuit_breaker_enabled, circuit_breaker_threshold, circuit_breaker_timeout } =
  PERFORMANCE_SCHEMA.properties

const SCHEMA = {
  type: 'object',
  properties: {
    log,
    response_model,
    long_context_threshold,
    max_attempts,
    circuit_breaker_enabled,
    circuit_breaker_threshold,
    circuit_breaker_timeout,
  } satisfies Readonly<Record<keyof LiveValues, object>>,
} as const

const readWritten = bodyReader<Partial<LiveValues>>(SCHEMA, ['changed'])

/** @param file what the config file says just now. */
export function createSettings(store: Store, change: MakeChange, file: () => Changeable): Router {
  const router = Router()
  const show = (): Resource => {
    const { values, changed } = readLiveSettings(store, file())
    const body = { ...values, changed }
    return { body, tag: tagOfValue(body) }
  }
  router.get('/admin/settings', (_request, response) => showResource(response, store.read(show)))
  router.put('/admin/settings', takeBytes, (request, response) => {
    const body = parseBody(request)
    // The file's word counts again for what is null.
    const entries = isMembers(body) ? Object.entries(body) : []
    const nulls = entries.filter(([name, value]) => value === null && Object.hasOwn(SCHEMA.properties, name))
    const rest = Object.fromEntries(entries.filter((entry) => !nulls.includes(entry)))
    const written = { ...readWritten(isMembers(body) ? rest : body), ...Object.fromEntries(nulls) }
    change(request, response, {
      tag: () => show().tag,
      make() {
        writeLiveSettings(store, file(), written)
        return false
      },
      show,
    })
  })
  return router
}
