/** Exchanges texts within the instructions of a conversation. */
import { isInstruction } from '../../../protocols/ir/instructions.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import type { PromptReplacement } from '../../config/group-policy.ts'

/** Each wherever it stands, one after the other, as plain text; what users and models said stays as it is. */
export function replacePrompt(
  messages: readonly Message[],
  replacements: readonly PromptReplacement[],
): readonly Message[] {
  return messages.map((message) => {
    if (!isInstruction(message)) return message
    const parts = message.parts.map((part) =>
      part.type === 'text' ? { ...part, text: exchange(part.text, replacements) } : part,
    )
    return { ...message, parts }
  })
}

function exchange(text: string, replacements: readonly PromptReplacement[]): string {
  // A function, as `$&` and the like are nothing special in the words of a group.
  return replacements.reduce(
    (changed, { find, replace }) => (find === '' ? changed : changed.replaceAll(find, () => replace)),
    text,
  )
}
