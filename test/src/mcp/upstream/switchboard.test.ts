import { expect } from 'chai'
import type { JsonRpcMessage, RequestId } from '../../../../src/mcp/json-rpc.ts'
import type { LinkListener } from '../../../../src/mcp/upstream/link.ts'
import { createSwitchboard, type PortKind } from '../../../../src/mcp/upstream/switchboard.ts'

/** A link that only notes what is sent over it, and says what the test lets the server say. */
function open() {
  const sent: any[] = []
  const cancelled: any[] = []
  const changes: string[] = []
  let listener: LinkListener | undefined
  const board = createSwitchboard({
    open(given) {
      listener = given
      return {
        send: (message) => sent.push(message),
        cancel: (notification) => cancelled.push(notification.params?.['requestId']),
        close: async () => {},
      }
    },
    idPrefix: 'i-',
    onNotification: (method) => changes.push(method),
    onClosed() {},
  })
  const attach = (kind: PortKind) => {
    const heard: any[] = []
    const port = board.attach(kind, {
      message: (message, relatedTo) => heard.push(relatedTo === undefined ? message : { ...message, relatedTo }),
      failed: (id, failure) => heard.push({ failed: id, ...failure }),
      closed: (failure) => heard.push({ closed: failure.message }),
    })
    const send = (message: object): void => port.send({ jsonrpc: '2.0', ...message } as JsonRpcMessage)
    const call = (id: RequestId, params: object = {}): void => send({ id, method: 'tools/call', params })
    return { heard, send, call, close: port.close }
  }
  const say = (message: object, relatedTo?: RequestId): void =>
    listener?.message({ jsonrpc: '2.0', ...message } as JsonRpcMessage, relatedTo, 1)
  return { board, sent, cancelled, changes, attach, say, link: () => listener }
}

const FAILURE = { kind: 'closed', message: 'gone' } as const

describe('createSwitchboard', () => {
  it('M49 of one caller the ids pass with their type, of further ones they are mapped and back', () => {
    const { attach, say, sent } = open()
    const [first, second, third] = [attach('verbatim'), attach('mapped'), attach('mapped')]
    first.call(1)
    second.call(1)
    third.call('1')
    expect(sent.map(({ id }) => id)).to.deep.equal([1, 'i-1', 'i-2'])
    say({ id: 'i-1', result: 'second' })
    say({ id: 1, result: 'first' })
    say({ id: 'i-2', result: 'third' })
    expect(first.heard).to.deep.equal([{ jsonrpc: '2.0', id: 1, result: 'first' }])
    expect(second.heard).to.deep.equal([{ jsonrpc: '2.0', id: 1, result: 'second' }])
    expect(third.heard).to.deep.equal([{ jsonrpc: '2.0', id: '1', result: 'third' }])
  })

  it('M49 progress tokens are mapped too, and nothing else of a request is', () => {
    const { attach, say, sent } = open()
    const [first, second] = [attach('mapped'), attach('mapped')]
    first.call(1, { name: 'x', _meta: { progressToken: 0, other: { kept: true } } })
    second.call(2, { _meta: { progressToken: 0 } })
    expect(sent[0].params).to.deep.equal({ name: 'x', _meta: { progressToken: 'i-1', other: { kept: true } } })
    say({ method: 'notifications/progress', params: { progressToken: 'i-2', progress: 0.5 } })
    expect(first.heard).to.deep.equal([])
    expect(second.heard[0].params).to.deep.equal({ progressToken: 0, progress: 0.5 })
  })

  it('M52 progress after the answer is nobody’s, but for that of a task', () => {
    const { attach, say } = open()
    const caller = attach('verbatim')
    caller.call(1, { _meta: { progressToken: 'plain' } })
    caller.call(2, { _meta: { progressToken: 'task' } })
    say({ id: 1, result: {} })
    say({ id: 2, result: { task: { taskId: 't' } } })
    for (const progressToken of ['plain', 'task', 'foreign']) {
      say({ method: 'notifications/progress', params: { progressToken } })
    }
    expect(caller.heard.slice(2).map(({ params }) => params.progressToken)).to.deep.equal(['task'])
  })

  it('M50 late and doubled answers are dropped', () => {
    const { attach, say } = open()
    const caller = attach('mapped')
    caller.call(1)
    caller.send({ method: 'notifications/cancelled', params: { requestId: 1 } })
    say({ id: 'i-1', result: 'late' })
    caller.call(2)
    say({ id: 'i-2', result: 'once' })
    say({ id: 'i-2', result: 'twice' })
    expect(caller.heard.map(({ result }) => result)).to.deep.equal(['once'])
  })

  it('M51 a cancellation names the request as the server knows it, and only one’s own', () => {
    const { attach, cancelled } = open()
    const [first, second] = [attach('mapped'), attach('mapped')]
    first.call(7)
    second.send({ method: 'notifications/cancelled', params: { requestId: 7 } })
    expect(cancelled).to.deep.equal([])
    first.send({ method: 'notifications/cancelled', params: { requestId: 7 } })
    expect(cancelled).to.deep.equal(['i-1'])
  })

  it('M24 the handshake is not cancelled', () => {
    const { attach, cancelled } = open()
    const own = attach('own')
    own.send({ id: 1, method: 'initialize' })
    own.close()
    expect(cancelled).to.deep.equal([])
  })

  it('M54 a request of the server goes to the call on whose stream it came', () => {
    const { attach, say, sent } = open()
    const [first, second] = [attach('mapped'), attach('mapped')]
    first.call(1)
    second.call(1)
    say({ id: 's', method: 'sampling/createMessage' }, 'i-1')
    expect(second.heard).to.deep.equal([])
    expect(first.heard).to.deep.equal([{ jsonrpc: '2.0', id: 's', method: 'sampling/createMessage', relatedTo: 1 }])
    second.send({ id: 's', result: 'forged' })
    first.send({ id: 's', result: 'true' })
    expect(sent.slice(2).map(({ result }) => result)).to.deep.equal(['true'])
  })

  it('M54 where no stream tells, it goes to the youngest call of those who belong together', () => {
    const { attach, say } = open()
    const [first, second] = [attach('mapped'), attach('mapped')]
    second.call(1)
    first.call(1)
    say({ id: 's', method: 'elicitation/create' })
    expect([first.heard.length, second.heard.length]).to.deep.equal([1, 0])
  })

  it('M55 of strangers nobody is asked, and the server is told so', () => {
    const { attach, say, sent, board } = open()
    const [first, second] = [attach('mapped'), attach('mapped')]
    board.separate()
    first.call(1)
    say({ id: 's', method: 'sampling/createMessage' })
    expect([...first.heard, ...second.heard]).to.deep.equal([])
    expect(sent.at(-1)).to.deep.include({ id: 's' }).and.nested.include({ 'error.code': -32601 })
  })

  it('M54 ping is answered without anybody', () => {
    const { attach, say, sent } = open()
    const caller = attach('verbatim')
    say({ id: 0, method: 'ping' })
    expect(sent).to.deep.equal([{ jsonrpc: '2.0', id: 0, result: {} }])
    expect(caller.heard).to.deep.equal([])
  })

  it('M94 among strangers a log line is told only when a single request has asked for lines', () => {
    const { attach, say, board } = open()
    const [first, second] = [attach('mapped'), attach('mapped')]
    board.separate()
    const wish = { _meta: { 'io.modelcontextprotocol/logLevel': 'info' } }
    first.call(1, wish)
    second.call(1)
    say({ method: 'notifications/message', params: { data: 1 } })
    second.call(2, wish)
    say({ method: 'notifications/message', params: { data: 2 } })
    expect(first.heard.map(({ params }) => params.data)).to.deep.equal([1])
    expect(second.heard).to.deep.equal([])
  })

  it('M59 an update goes to those who watch, and the server stops when the last one does', async () => {
    const { attach, say, sent, board } = open()
    const [first, second, third] = [attach('mapped'), attach('mapped'), attach('mapped')]
    board.separate()
    for (const caller of [first, second]) caller.send({ id: 1, method: 'resources/subscribe', params: { uri: 'a' } })
    say({ method: 'notifications/resources/updated', params: { uri: 'a' } })
    expect([first, second, third].map(({ heard }) => heard.length)).to.deep.equal([1, 1, 0])
    first.send({ id: 2, method: 'resources/unsubscribe', params: { uri: 'a' } })
    await Promise.resolve()
    expect(first.heard.at(-1)).to.deep.equal({ jsonrpc: '2.0', id: 2, result: {} })
    expect(sent.map(({ method }) => method)).to.not.include('resources/unsubscribe')
    second.close()
    expect(sent.at(-1)).to.deep.include({ method: 'resources/unsubscribe', params: { uri: 'a' } })
  })

  it('M38 a subscription is named as its caller has named it, with its type', () => {
    const { attach, say } = open()
    const [first, second] = [attach('mapped'), attach('mapped')]
    first.send({ id: 1, method: 'subscriptions/listen' })
    second.send({ id: '1', method: 'subscriptions/listen' })
    const tagged = (id: RequestId) => ({ _meta: { 'io.modelcontextprotocol/subscriptionId': id } })
    say({ method: 'notifications/tools/list_changed', params: tagged('i-1') })
    say({ id: 'i-2', result: tagged('i-2') })
    expect(first.heard.map(({ params }) => params)).to.deep.equal([tagged(1)])
    expect(second.heard.map(({ result }) => result)).to.deep.equal([tagged('1')])
  })

  it('M58 a change of a list is told to all, and to the hub', () => {
    const { attach, say, changes } = open()
    const [first, own] = [attach('mapped'), attach('own')]
    say({ method: 'notifications/prompts/list_changed' })
    expect([first.heard.length, own.heard.length]).to.deep.equal([1, 0])
    expect(changes).to.deep.equal(['notifications/prompts/list_changed'])
  })

  it('M51 who leaves has its calls cancelled and its questions answered', () => {
    const { attach, say, sent, cancelled } = open()
    const [first, second] = [attach('mapped'), attach('mapped')]
    first.call(1)
    second.call(1)
    say({ id: 's', method: 'roots/list' }, 'i-1')
    first.close()
    expect(cancelled).to.deep.equal(['i-1'])
    expect(sent.at(-1)).to.nested.include({ id: 's', 'error.code': -32603 })
    say({ id: 'i-2', result: {} })
    expect(second.heard).to.have.lengthOf(1)
  })

  it('when the link breaks each open request fails, then all hear of the end, also who comes too late', async () => {
    const { attach, link } = open()
    const [first, second] = [attach('verbatim'), attach('mapped')]
    first.call(1)
    link()?.closed(FAILURE)
    expect(first.heard).to.deep.equal([{ failed: 1, ...FAILURE }, { closed: 'gone' }])
    expect(second.heard).to.deep.equal([{ closed: 'gone' }])
    const late = attach('mapped')
    await new Promise(setImmediate)
    expect(late.heard).to.deep.equal([{ closed: 'gone' }])
  })
})
