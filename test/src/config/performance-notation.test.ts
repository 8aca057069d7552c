import { expect } from 'chai'
import { readConfig } from '../../support/config-text.ts'

describe('settings of the server', () => {
  it('A017, A056: are read from the block performance, which goes before the top', () => {
    const { config } = readConfig({
      request_timeout: '1s',
      max_request_body_size: 2048,
      shutdown_timeout: '1m30s',
      performance: {
        request_timeout: '300ms',
        max_request_body_size: 4096,
        connect_timeout: '2s',
        stream_idle_timeout: '10m',
      },
    })
    expect(config.timeouts).to.include({ requestMs: 300, connectMs: 2000, streamIdleMs: 600_000 })
    expect([config.maxRequestBodyBytes, config.shutdownTimeoutMs]).to.deep.equal([4096, 90_000])
  })

  it('X33: request_timeout bounds the first byte of a stream where nothing else is said', () => {
    expect(readConfig({ request_timeout: '5s' }).config.timeouts.firstByteMs).to.equal(5000)
    const both = { request_timeout: '5s', performance: { first_byte_timeout: '7s' } }
    expect(readConfig(both).config.timeouts).to.include({ requestMs: 5000, firstByteMs: 7000 })
  })

  it('A165, A130, X6: limits of requests, tries and the breaker come as they are written', () => {
    const { config } = readConfig({
      performance: {
        rate_limit_enabled: true,
        rate_limit_requests_per_min: 3,
        rate_limit_burst: 0,
        circuit_breaker_enabled: false,
        circuit_breaker_timeout: '1m',
        max_attempts: 1,
        max_retry_wait: '0',
        cache_enabled: true,
        cache_ttl: '1h',
        queue_limit: 0,
        max_concurrent_requests: 4,
      },
    })
    expect(config.rateLimit).to.deep.equal({ enabled: true, requestsPerMinute: 3, burst: 0 })
    expect(config.breaker).to.deep.equal({ enabled: false, threshold: 5, timeoutMs: 60_000 })
    expect(config.retry).to.deep.equal({ attempts: 1, maxWaitMs: 0 })
    expect(config.cache).to.deep.equal({ enabled: true, ttlMs: 3_600_000 })
    expect(config.queue).to.deep.equal({ maxConcurrent: 4, limit: 0, timeoutMs: 30_000 })
  })

  const PORTS: readonly (readonly [object, readonly number[]])[] = [
    [{}, [3456]],
    [{ port: 8000 }, [8000]],
    [{ port: [3456, 8000] }, [3456, 8000]],
    [{ port: 3456, ports: [8000, 3456] }, [3456, 8000]],
    [{ ports: [8000] }, [8000]],
    [{ port: [0, 0] }, [0, 0]],
  ]
  for (const [written, ports] of PORTS) {
    it(`X5: ${JSON.stringify(written)} listens on ${ports.join(' and ')}`, () => {
      const { config } = readConfig(written)
      expect([config.port, config.ports]).to.deep.equal([ports[0], ports])
    })
  }

  it('X2, X19, E025: what answers look like, and where long requests go, come as they are written', () => {
    const { config } = readConfig({
      response_model: 'requested',
      chat_completions_format: 'anthropic',
      long_context_threshold: 5,
      proxy_url: ' ',
      log_file: ' gateway.log ',
      apikeys: { ci: { key: ' k ', groups: ['team'] }, old: { key: 'o', enabled: false } },
    })
    expect(config).to.include({
      responseModel: 'requested',
      chatCompletionsFormat: 'anthropic',
      longContextThreshold: 5,
      logFile: 'gateway.log',
    })
    expect(config).to.not.have.property('proxyUrl')
    expect(config.apiKeys).to.deep.equal([
      { name: 'ci', key: 'k', groups: ['team'], enabled: true },
      { name: 'old', key: 'o', enabled: false },
    ])
  })
})
