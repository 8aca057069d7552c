import { expect } from 'chai'
import { readConfig } from '../../support/config-text.ts'

describe('timeouts', () => {
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
})
