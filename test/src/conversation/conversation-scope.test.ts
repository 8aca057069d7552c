import { expect } from 'chai'
import type { Message } from '../../../protocols/ir/message.ts'
import { conversationScope } from '../../../src/conversation/conversation-scope.ts'

const say = (role: Message['role'], text: string): Message => ({ role, parts: [{ type: 'text', text }] })

describe('conversation scope', () => {
  it('stays the same while a conversation goes on, whatever the system text is', () => {
    const early = conversationScope('g', [say('system', 'a'), say('user', 'Hi')])
    const late = conversationScope('g', [
      say('system', 'b'),
      say('user', 'Hi '),
      say('assistant', 'Yes?'),
      say('user', 'So.'),
    ])
    expect(late).to.equal(early)
  })

  it('S19: is another one for another group and for another beginning', () => {
    const one = conversationScope('g', [say('user', 'Hi')])
    expect(conversationScope('h', [say('user', 'Hi')])).to.not.equal(one)
    expect(conversationScope('g', [say('user', 'Ho')])).to.not.equal(one)
    expect(conversationScope('g', [])).to.not.equal(one)
  })
})
