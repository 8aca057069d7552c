/** The pages and the management API, which express serves. */
import express, { type Express } from 'express'
import { codecs, findCodec } from '../../protocols/index.ts'
import { createAdmin } from '../admin/admin.ts'
import type { Explain } from '../admin/explain.ts'
import { createHealth } from '../admin/health.ts'
import { createHome } from '../admin/home.ts'
import type { McpManagement } from '../admin/mcp-servers.ts'
import { createStatus } from '../admin/status.ts'
import { explainRequest } from '../gateway/explain.ts'
import type { ToolRefusals } from '../gateway/tool-refusals.ts'
import { describeModel } from '../providers/known-models.ts'
import type { Registry } from '../registry/registry.ts'
import type { AppOptions } from './app-options.ts'
import type { SettingsInForce } from './settings-in-force.ts'

export interface PagesOptions
  extends Pick<AppOptions, 'store' | 'log' | 'version' | 'host' | 'port' | 'morePorts' | 'allowedHosts'> {
  readonly registry: Registry
  readonly settings: SettingsInForce
  readonly toolRefusals: ToolRefusals
  /** The servers behind the MCP hub. */
  readonly mcp: McpManagement
  readonly now: () => Date
  readonly isDraining: () => boolean
}

export function wirePages(options: PagesOptions): Express {
  const { store, registry, log, version, settings, toolRefusals, mcp, now, isDraining } = options
  const pages = express()
  pages.disable('x-powered-by')
  pages.set('query parser', 'simple')
  const state = { store, registry, version, now, startedAt: now(), isDraining }
  pages.use(
    createHome({ store, registry, version, codecs }),
    createHealth(state),
    createStatus({ ...state, toolRefusals, settings: () => tellSettings(options) }),
    createAdmin({
      store,
      registry,
      explain,
      mcp,
      file: settings.file,
      protocols: codecs.map((codec) => codec.name),
      report: (error) => log.error({ err: error }, 'the management API failed by a fault of its own'),
      now: () => now().getTime(),
    }),
  )
  return pages
}

const explain: Explain = ({ from, to, model, request }) => {
  const order = { from: findCodec(from), to: findCodec(to), body: request, factsOf: describeModel }
  return explainRequest(model === undefined ? order : { ...order, model })
}

/** For `GET /status`: nothing of it is a secret. */
function tellSettings({ host, port, morePorts = [], allowedHosts = [], settings }: PagesOptions): object {
  const { apiKey, apiKeys = [] } = settings.said().keys ?? {}
  const { logExchanges, responseModel, attempts, routing } = settings.now()
  const { breaker, longContextThreshold } = routing
  return {
    host,
    ports: [port, ...morePorts],
    allowed_hosts: allowedHosts,
    file_keys: apiKeys.length + (apiKey === undefined ? 0 : 1),
    log: logExchanges,
    response_model: responseModel ?? null,
    max_attempts: attempts,
    long_context_threshold: longContextThreshold,
    circuit_breaker: { enabled: breaker.enabled, threshold: breaker.threshold, timeout_ms: breaker.timeoutMs },
  }
}
