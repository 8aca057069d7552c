/** Adds a group's own words to a conversation. */
import { appendInstructions, changeText, isInstruction } from '../../../protocols/ir/instructions.ts'
import type { ReportLoss } from '../../../protocols/ir/loss.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import type { PromptInjection } from '../../config/group-policy.ts'

const GAP = '\n\n'

/**
 * The conversation with the text at its place. An addition takes nothing away and is not reported; instructions that
 * `replace` puts aside are.
 *
 * The text joins one that is already there wherever there is one, as some back ends take one system message only and others
 * no second part in it; a list of system blocks keeps all of them (defect 12).
 */
export function addPrompt(
  messages: readonly Message[],
  { mode, position, text }: PromptInjection,
  report: ReportLoss,
): readonly Message[] {
  // An empty text must not put the client's own instructions aside (defect 25).
  if (text.trim() === '') return messages
  const kept = mode === 'replace' ? withoutInstructions(messages, report) : messages
  const words = position === 'user' ? kept.findLastIndex(isWords) : -1
  const spoken = kept[words]
  if (spoken !== undefined) return kept.with(words, beforeWords(spoken, text))
  return appendInstructions(kept, text)
}

function withoutInstructions(messages: readonly Message[], report: ReportLoss): readonly Message[] {
  return messages.filter((message, index) => {
    if (!isInstruction(message)) return true
    report(`messages.${index}`, "the group's prompt stands instead of the client's instructions", 'changed')
    return false
  })
}

/** A message of the user that says something: not one that only brings back what tools answered. */
function isWords({ role, parts }: Message): boolean {
  return role === 'user' && parts.some((part) => part.type !== 'tool-result')
}

function beforeWords(message: Message, text: string): Message {
  const { parts } = message
  // Results of tools stand first in a message wherever they may stand in one at all (trap 66).
  const at = parts.findIndex((part) => part.type !== 'tool-result')
  const first = parts[at]
  if (first?.type === 'text') return { ...message, parts: parts.with(at, changeText(first, text + GAP + first.text)) }
  return { ...message, parts: parts.toSpliced(at, 0, { type: 'text', text }) }
}
