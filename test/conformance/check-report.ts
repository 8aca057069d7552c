/** What a client saw must be what the model said, with the client's word for how it ended. */
import { expect } from 'chai'
import type { Said } from '../support/said.ts'
import type { Client, Report } from './clients/client.ts'

export function checkReport(report: Report, said: Said, client: Client): void {
  const finish = said.cut ?? (said.calls === undefined ? 'stop' : 'calls')
  expect(report.text, 'text').to.equal((said.text ?? []).join(''))
  expect(report.reasoning, 'reasoning').to.equal(said.reasoning ?? '')
  expect(report.calls, 'calls').to.deep.equal(said.calls ?? [])
  expect(report.finish, 'finish').to.equal(client.finishes[finish])
  const { input, output, cached } = report
  const { thought: _unseen, ...usage } = said.usage ?? { input: 0, output: 0 }
  expect({ input, output, cached: cached ?? 0 }, 'usage').to.deep.equal({ cached: 0, ...usage })
}
