/** The calls to back ends: over HTTP, to Amazon Bedrock, or to the demo within this process. */
import { findCodec } from '../../protocols/index.ts'
import { readAwsAccount } from '../upstream/aws-account.ts'
import { createBedrockUpstream } from '../upstream/bedrock.ts'
import { createDemoUpstream } from '../upstream/demo.ts'
import { createHttpUpstream } from '../upstream/http.ts'
import { createUpstream } from '../upstream/index.ts'
import { createProxyChoice, type ProxyChoice, type ProxySettings } from '../upstream/proxy-choice.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { AppOptions, LiveSettings } from './app-options.ts'

export interface WiredUpstream {
  readonly upstream: Upstream
  /** Takes the proxy that the file names now, for the next call. */
  configure(settings: LiveSettings): void
}

export interface UpstreamOptions extends Pick<AppOptions, 'upstream' | 'log' | 'proxyUrl'> {
  readonly environment: ProxySettings['environment']
  readonly userAgent: string
  readonly now: () => Date
}

export function wireUpstream(options: UpstreamOptions): WiredUpstream {
  const { environment, log, now, userAgent } = options
  let proxies = chooseProxies(options, environment)
  for (const problem of proxies.problems) log.warn({}, problem)
  const http = createHttpUpstream({
    ...options.upstream,
    userAgent,
    chooseProxy: (url, own) => proxies.choose(url, own),
  })
  return {
    upstream: createUpstream({
      http,
      bedrock: createBedrockUpstream({ http, account: readAwsAccount(environment), now }),
      demo: createDemoUpstream({ codecNamed: findCodec, now }),
    }),
    configure(settings) {
      proxies = chooseProxies(settings, environment)
    },
  }
}

function chooseProxies(
  { proxyUrl }: Pick<LiveSettings, 'proxyUrl'>,
  environment: ProxySettings['environment'],
): ProxyChoice {
  return createProxyChoice({ environment, ...(proxyUrl === undefined ? {} : { proxyUrl }) })
}
