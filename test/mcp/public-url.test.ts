import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { startGateway } from '../support/gateway.ts'

describe('mcp behind a proxy that puts a path in front', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const [publicUrl, start] of [
    ['https://tools.example/ai/', '/ai/team/messages?sessionId='],
    ['https://tools.example', '/team/messages?sessionId='],
  ] as const) {
    it(`M4: the endpoint of /sse stands below the path of ${publicUrl}`, async () => {
      const gateway = await startGateway(closing, { groups: { team: {} } }, { publicUrl })
      const abort = new AbortController()
      const answer = await fetch(`${gateway.url}/team/sse`, {
        headers: { accept: 'text/event-stream' },
        signal: abort.signal,
      })
      const reader = answer.body?.getReader()
      const first = await reader?.read()
      abort.abort()
      expect(new TextDecoder().decode(first?.value)).to.contain(`data: ${start}`)
    })
  }
})
