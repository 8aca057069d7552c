import { expect } from 'chai'
import fc from 'fast-check'
import { readMessages } from '../../../src/mcp/read-messages.ts'
import { RpcFailure } from '../../../src/mcp/rpc-failure.ts'

const read = (text: string) => readMessages(Buffer.from(text))

const REFUSED: readonly (readonly [title: string, text: string, code: number])[] = [
  ['what is no JSON', '{"jsonrpc":"2.0",', -32700],
  ['an empty body', '', -32700],
  ['bytes that are no UTF-8', '{"jsonrpc":"2.0","method":"\xff"}', -32700],
  ['an empty object', '{}', -32600],
  ['an empty array', '[]', -32600],
  ['a number', '42', -32600],
  ['a message without its version', '{"id":1,"method":"ping"}', -32600],
  ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
  ['params by position', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}', -32600],
  ['result and error at once', '{"jsonrpc":"2.0","id":1,"result":{},"error":{}}', -32600],
  ['an array with something else in it', '[{"jsonrpc":"2.0","method":"a"},1]', -32600],
  [
    'an array of more than a hundred',
    JSON.stringify(Array.from({ length: 101 }, () => ({ jsonrpc: '2.0', method: 'a' }))),
    -32600,
  ],
]

describe('mcp/read-messages', () => {
  for (const [title, text, code] of REFUSED) {
    it(`M6, M13: ${title} is refused with 400 and ${code}`, () => {
      const bytes = Buffer.from(text, title.includes('UTF-8') ? 'latin1' : 'utf8')
      expect(() => readMessages(bytes))
        .to.throw(RpcFailure)
        .that.includes({ code, status: 400 })
    })
  }

  it('M105: 64 levels are read, 65 are not', () => {
    const nested = (depth: number) =>
      `{"jsonrpc":"2.0","method":"a","params":${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth)}`
    expect(read(nested(64)).batch).to.equal(false)
    expect(() => read(nested(65))).to.throw(RpcFailure)
  })

  it('M47: what a schema of an SDK would refuse or drop passes as it is', () => {
    const message = {
      jsonrpc: '2.0',
      id: 1e20,
      method: 'tools/call',
      params: { name: 'a', _meta: { progressToken: 1.5 } },
      'x-unknown': [1],
    }
    const result = read(JSON.stringify(message))
    expect(result).to.deep.equal({ batch: false, message })
    const answer = { jsonrpc: '2.0', id: null, error: { code: 1, message: 'm', more: true } }
    expect(read(JSON.stringify(answer))).to.deep.equal({ batch: false, message: answer })
    expect(read('{"jsonrpc":"2.0","id":1,"result":null}').batch).to.equal(false)
  })

  it('never throws anything but a failure that the client is told', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        try {
          read(text)
        } catch (error) {
          expect(error).to.be.instanceOf(RpcFailure)
        }
      }),
    )
  })
})
