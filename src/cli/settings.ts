/** What a configuration means for the running gateway. */
import type { AppOptions, LiveSettings } from '../app/app-options.ts'
import type { Config } from '../config/config.ts'

/** What holds from the next request on when the file changes. */
export function readLiveSettings(config: Config, logExchanges: boolean): LiveSettings {
  const { apiKey, apiKeys, retry, breaker, longContextThreshold, responseModel, proxyUrl } = config
  return {
    logExchanges,
    keys: { apiKeys, ...(apiKey === undefined ? {} : { apiKey }) },
    retry,
    ...(responseModel === undefined ? {} : { responseModel }),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    routing: { breaker, longContextThreshold },
  }
}

/** What holds from the start to the end. */
export function readFixedSettings(config: Config) {
  const { timeouts, security, publicUrl } = config
  return {
    bodyLimits: { limitBytes: config.maxRequestBodyBytes, idleMs: timeouts.bodyIdleMs },
    listenLimits: { headersTimeoutMs: timeouts.headersMs },
    streamTimes: { keepAliveMs: timeouts.keepAliveIntervalMs, stallMs: timeouts.writeStallMs },
    upstream: {
      timeouts: {
        connectMs: timeouts.connectMs,
        firstByteMs: timeouts.firstByteMs,
        idleMs: timeouts.streamIdleMs,
        plainMs: timeouts.requestMs,
      },
    },
    allowedHosts: security.allowedHosts.map((host) => host.toLowerCase()),
    allowedOrigins: security.corsEnabled ? security.corsOrigins : [],
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(security.fetchMedia ? { mediaHosts: security.fetchHosts } : {}),
  } satisfies Partial<AppOptions>
}

/** Names of what a changed file says that only the next start can obey. */
export function listWaiting(before: Config, after: Config): readonly string[] {
  const waiting = {
    host: ({ host }: Config) => host,
    port: ({ ports }: Config) => ports,
    public_url: ({ publicUrl }: Config) => publicUrl ?? '',
    'log_file, log_level': ({ logFile, logLevel }: Config) => [logFile, logLevel],
    'performance (time-outs and sizes)': ({ timeouts, maxRequestBodyBytes }: Config) => [timeouts, maxRequestBodyBytes],
    security: ({ security }: Config) => security,
  }
  return Object.entries(waiting)
    .filter(([, read]) => JSON.stringify(read(before)) !== JSON.stringify(read(after)))
    .map(([name]) => name)
}
