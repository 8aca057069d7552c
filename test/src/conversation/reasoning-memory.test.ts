import { expect } from 'chai'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import { createReasoningMemory } from '../../../src/conversation/reasoning-memory.ts'

const THOUGHT: Part = { type: 'reasoning', text: 'hm', signature: 'sig', issuer: 'a' }
const CALL: Part = { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a": 1, "b": [2]}' }
const ANY = () => true

const ask = (...messages: Message[]): ChatRequest => ({ model: 'm', messages, settings: {}, stream: false })
const said = (...parts: Part[]): Message => ({ role: 'assistant', parts })

describe('reasoning memory', () => {
  it('trap 91, trap 94: gives a turn its thoughts back by what it called, though the client writes the arguments anew', () => {
    const memory = createReasoningMemory()
    memory.remember('g', [THOUGHT, CALL])
    const rewritten: Part = { ...CALL, arguments: '{"a":1,"b":[2]}' }
    const restored = memory.restore('g', ask(said(rewritten)), ANY)
    expect(restored.messages[0]?.parts).to.deep.equal([THOUGHT, rewritten])
  })

  it('gives a turn without calls its thoughts back by its text', () => {
    const memory = createReasoningMemory()
    const text: Part = { type: 'text', text: 'The answer. ' }
    memory.remember('g', [THOUGHT, text])
    const restored = memory.restore('g', ask(said({ type: 'text', text: 'The answer.' })), ANY)
    expect(restored.messages[0]?.parts[0]).to.deep.equal(THOUGHT)
  })

  it('Q67: gives a signed call its proof back', () => {
    const memory = createReasoningMemory()
    const second: Part = { type: 'tool-call', id: 'c2', name: 'g', arguments: '{}' }
    memory.remember('g', [{ ...CALL, signature: 's1', issuer: 'x' }, second])
    const restored = memory.restore('g', ask(said(CALL, second)), ANY)
    expect(restored.messages[0]?.parts).to.deep.equal([{ ...CALL, signature: 's1', issuer: 'x' }, second])
  })

  it('trap 87: puts back only what the target is to have', () => {
    const memory = createReasoningMemory()
    memory.remember('g', [THOUGHT, CALL])
    const request = ask(said(CALL))
    expect(memory.restore('g', request, (thought) => thought.issuer === 'b')).to.equal(request)
  })

  it('S19: never mixes what belongs to different scopes, and Q23: tells calls with the same id apart', () => {
    const memory = createReasoningMemory()
    memory.remember('g', [THOUGHT, CALL])
    const other = ask(said(CALL))
    expect(memory.restore('h', other, ANY)).to.equal(other)
    const otherCall = ask(said({ ...CALL, arguments: '{"a":2}' }))
    expect(memory.restore('g', otherCall, ANY)).to.equal(otherCall)
  })

  it('leaves a turn alone that has its thoughts, and the request itself when nothing is to be put back', () => {
    const memory = createReasoningMemory()
    memory.remember('g', [THOUGHT, CALL])
    const request = ask(said({ type: 'reasoning', text: 'own' }, CALL))
    expect(memory.restore('g', request, ANY)).to.equal(request)
    expect(createReasoningMemory().restore('g', request, ANY)).to.equal(request)
  })

  it('is bounded by the number of turns and by their size', () => {
    const memory = createReasoningMemory({ turns: 2, characters: 1000, ttlMs: 60_000 })
    const call = (n: number): Part => ({ ...CALL, id: `c${n}` })
    for (const n of [1, 2, 3]) memory.remember('g', [THOUGHT, call(n)])
    expect(memory.restore('g', ask(said(call(1))), ANY).messages[0]?.parts).to.have.length(1)
    expect(memory.restore('g', ask(said(call(3))), ANY).messages[0]?.parts).to.have.length(2)
    memory.remember('g', [{ ...THOUGHT, text: 'x'.repeat(2000) }, call(4)])
    expect(memory.restore('g', ask(said(call(4))), ANY).messages[0]?.parts).to.have.length(1)
  })
})
