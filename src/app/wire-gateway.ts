/** The gateway with all that it is given: back ends, what is remembered of conversations, tools, limits. */
import { codecs, findCodec } from '../../protocols/index.ts'
import { createArgumentChecker } from '../compat/tools/argument-checker.ts'
import { createHiddenCalls } from '../conversation/hidden-calls.ts'
import { createReasoningMemory } from '../conversation/reasoning-memory.ts'
import type { StoredAnswers } from '../conversation/stored-answers.ts'
import { describeExchange, describeFailure } from '../gateway/describe-exchange.ts'
import type { Exchange } from '../gateway/exchange.ts'
import { createGateway, type Gateway } from '../gateway/gateway.ts'
import { createRetryBudget } from '../gateway/retry-budget.ts'
import type { ServerTools } from '../gateway/steps/server-tools.ts'
import { createTokenizerLoader } from '../gateway/tokenizer.ts'
import type { ToolRefusals } from '../gateway/tool-refusals.ts'
import { BODY_LIMITS } from '../http/body.ts'
import { createEndpointTable } from '../http/endpoints.ts'
import { STREAM_TIMES } from '../http/stream-answer.ts'
import type { Log } from '../observe/log.ts'
import type { Registry } from '../registry/registry.ts'
import { createMediaFetcher } from '../upstream/fetch-media.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { AppOptions } from './app-options.ts'
import type { SettingsInForce } from './settings-in-force.ts'

/** Some providers tell usage after the finish, some never send an end mark. */
const GRACE_MS = 2000

export interface GatewayOptions
  extends Pick<AppOptions, 'log' | 'version' | 'mediaHosts' | 'bodyLimits' | 'streamTimes' | 'graceMs'> {
  readonly registry: Registry
  readonly upstream: Upstream
  readonly settings: SettingsInForce
  readonly answers: StoredAnswers
  readonly serverTools: ServerTools
  readonly toolRefusals: ToolRefusals
  readonly userAgent: string
  readonly now: () => Date
}

export function wireGateway(options: GatewayOptions): Gateway {
  const { registry, upstream, settings, answers, serverTools, toolRefusals } = options
  const { log, version, mediaHosts, userAgent, now } = options
  return createGateway(
    {
      codecNamed: findCodec,
      upstream,
      ...(mediaHosts === undefined ? {} : { fetchMedia: createMediaFetcher({ allowedHosts: mediaHosts, userAgent }) }),
      trying: {
        health: registry.health,
        get retry() {
          return settings.retry()
        },
        budget: createRetryBudget(),
        random: Math.random,
      },
      toolRefusals,
      checkArguments: createArgumentChecker(),
      serverTools,
      hiddenCalls: createHiddenCalls(),
      get responseModel() {
        return settings.now().responseModel
      },
      now,
      version,
      reasoning: createReasoningMemory(),
      answers,
      bodyLimits: { ...BODY_LIMITS, ...options.bodyLimits },
      streamTimes: { ...STREAM_TIMES, ...options.streamTimes },
      graceMs: options.graceMs ?? GRACE_MS,
      loadTokenizer: createTokenizerLoader(),
      settle: (exchange) => settle(log, settings.now().logExchanges, exchange),
    },
    createEndpointTable(codecs),
    () => registry.snapshot(),
  )
}

function settle(log: Log, logExchanges: boolean, exchange: Exchange): void {
  const { cause, failures } = exchange.record
  for (const failure of failures) log.warn({ request_id: exchange.id, ...describeFailure(failure) }, 'a target failed')
  if (cause !== undefined)
    log.error({ request_id: exchange.id, err: cause }, 'the gateway failed by a fault of its own')
  if (logExchanges) log.info(describeExchange(exchange), 'exchange')
}
