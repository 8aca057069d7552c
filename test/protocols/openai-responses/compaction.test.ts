import { expect } from 'chai'
import type { ReplyContext, WireRequest } from '../../../protocols/codec.ts'
import { ApiFailure } from '../../../protocols/ir/error.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { openaiResponses } from '../../../protocols/openai-responses/index.ts'
import { bytesOf, decodeWith, freeze, REPLY, WIRE } from './exchange.ts'
import { hasRecordings, loadSchema, readRecordings, skipWithout } from './recordings.ts'

const endpoint = openaiResponses.endpoints.find(({ path }) => path === '/v1/responses/compact')
if (endpoint === undefined) throw new Error('there is no endpoint that makes a conversation short')
const COMPACT: WireRequest = { ...WIRE, endpoint }

const BODY = {
  model: 'm',
  instructions: 'Be brief.',
  input: [
    { role: 'user', content: 'What is 2+2?' },
    { role: 'assistant', content: 'It is 4.' },
    { role: 'user', content: [{ type: 'input_text', text: 'And 3+3?' }] },
  ],
}
const decode = (body: object = BODY) => openaiResponses.request.decode(COMPACT, freeze(body)).value

function compact(parts: readonly Part[], body: object = BODY): any {
  const reply: ReplyContext = { ...REPLY, wire: COMPACT, request: decode(body) }
  const response = { id: '', model: 'm', choices: [{ index: 0, parts, finish: { reason: 'stop' as const } }] }
  return JSON.parse(JSON.stringify(openaiResponses.response.encode(response, reply).body))
}

describe('a conversation made short', () => {
  it('trap 145: another back end is asked for a summary of it', () => {
    const asked = decode({ ...BODY, stream: true, tools: [{ type: 'function', name: 'f' }] })
    expect([asked.stream, asked.settings.store]).to.deep.equal([false, false])
    const body: any = openaiChat.request.encode(asked, {}).body
    expect(body.messages.map(({ role }: { role: string }) => role)).to.deep.equal([
      'system',
      'user',
      'assistant',
      'user',
      'user',
    ])
    expect(body.messages.at(-1).content).to.match(/^Summarise the conversation/)
    expect(body.tool_choice, 'and not for a call').to.equal('none')
  })

  it('trap 145: what comes back are the turns of the user and one item, by the schema', () => {
    const body = compact([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: ' They added. ' },
    ])
    expect(body).to.include({ object: 'response.compaction', id: 'resp_x1', created_at: REPLY.createdAt })
    const kept = body.output.slice(0, -1)
    expect(kept.map((item: any) => [item.type, item.role, item.content[0].text])).to.deep.equal([
      ['message', 'user', 'What is 2+2?'],
      ['message', 'user', 'And 3+3?'],
    ])
    expect(body.output.at(-1)).to.include({ type: 'compaction', id: 'cmp_x1' })
    expect(new Set(body.output.map((item: any) => item.id))).to.have.length(3)
    if (hasRecordings) expect(loadSchema('compact-response')(body)).to.equal(undefined)
  })

  it('goes on with its summary, over any back end', () => {
    const { output } = compact([{ type: 'text', text: 'They added.' }])
    const next = decodeWith({ input: [...output, { role: 'user', content: 'Go on.' }] })
    const texts = next.messages.map(({ role, parts: [part] }) => [role, part?.type === 'text' ? part.text : part?.type])
    expect(texts).to.deep.equal([
      ['user', 'What is 2+2?'],
      ['user', 'And 3+3?'],
      ['user', 'Summary of the conversation so far:\n\nThey added.'],
      ['user', 'Go on.'],
    ])
  })

  it('trap 87: such an item is never relayed, one of the API is', () => {
    const { output } = compact([{ type: 'text', text: 'They added.' }])
    const isIrregular = (input: unknown) =>
      openaiResponses.request.glance(WIRE, bytesOf({ model: 'm', input })).irregular === true
    expect(isIrregular(output)).to.equal(true)
    const theirs = { type: 'compaction', encrypted_content: 'gAAAAAB' }
    expect(isIrregular([theirs])).to.equal(false)
    expect(decodeWith({ input: [theirs] }).messages[0]?.parts[0]).to.include({ type: 'opaque' })
    expect(JSON.stringify(openaiResponses.request.encode(decodeWith({ input: output }), {}).body)).to.not.contain(
      'sealed',
    )
  })

  it('an answer without words is no summary', () => {
    expect(() => compact([{ type: 'reasoning', text: 'hm' }]))
      .to.throw(ApiFailure)
      .with.nested.property('error.kind', 'upstream-failed')
  })

  it('may name a stored answer instead of telling the conversation', () => {
    const asked = decode({ model: 'm', previous_response_id: 'resp_1' })
    expect(asked.previous).to.equal('resp_1')
    expect(asked.messages).to.have.length(1)
    expect(() => decode({ model: 'm' })).to.throw(ApiFailure, 'input')
  })

  it('a back end that has the endpoint is asked there, in the same words, and its answer is handed on', () => {
    const asked = decode()
    expect(openaiResponses.request.encode(asked, {}).body).to.deep.equal(BODY)
    const call = { model: 'm', stream: false, operation: 'chat', wire: COMPACT } as const
    expect(openaiResponses.request.address(call).path).to.equal('/v1/responses/compact')
    expect(openaiResponses.request.address({ ...call, wire: WIRE }).path).to.equal('/v1/responses')
    const output = [
      {
        type: 'message',
        id: 'msg_1',
        role: 'user',
        content: [{ type: 'input_text', text: 'Hi' }],
        status: 'completed',
      },
      { type: 'compaction', id: 'cmp_1', encrypted_content: 'gAAAAAB' },
    ]
    const answer = { id: 'resp_1', object: 'response.compaction', created_at: 5, output, usage: null }
    const { value } = openaiResponses.response.decode(answer, { facts: {} })
    const { body } = openaiResponses.response.encode(value, { ...REPLY, wire: COMPACT, request: asked })
    expect(body).to.deep.include({ object: 'response.compaction', created_at: 5, output })
  })

  it('is read as the real API has it', function () {
    skipWithout.call(this)
    const recordings = readRecordings().filter(({ request }) => request?.path.includes('/compact'))
    expect(recordings).to.not.have.length(0)
    for (const { id, request, response } of recordings) {
      const asked = decode(request?.body)
      expect(openaiResponses.request.encode(asked, {}).body, id).to.deep.equal(request?.body)
      const { value } = openaiResponses.response.decode(response.body, { facts: {} })
      const { body } = openaiResponses.response.encode(value, { ...REPLY, wire: COMPACT, request: asked })
      expect(body, id).to.deep.include({ output: response.body.output, usage: response.body.usage })
    }
  })
})
