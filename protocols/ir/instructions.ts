/** Instructions of a conversation, and how more of them join those that are there. */
import type { Message } from './message.ts'
import type { TextPart } from './part.ts'

const GAP = '\n\n'

export function isInstruction({ role }: Message): boolean {
  return role === 'system' || role === 'developer'
}

/**
 * The text joins the last of the instructions at the beginning, as some back ends take one system message only and others no second part in
 * it; a list of system blocks keeps all of them. Without any, it is a system message of its own.
 */
export function appendInstructions(messages: readonly Message[], text: string): readonly Message[] {
  const first = messages.findIndex((message) => !isInstruction(message))
  const at = (first < 0 ? messages.length : first) - 1
  const last = messages[at]
  if (last === undefined) return [{ role: 'system', parts: [{ type: 'text', text }] }, ...messages]
  const { parts } = last
  const end = parts.at(-1)
  const joined =
    end?.type === 'text'
      ? parts.with(-1, changeText(end, end.text + GAP + text))
      : [...parts, { type: 'text' as const, text }]
  return messages.with(at, { ...last, parts: joined })
}

/** The part with another text; a signature proves the text as it was, and citations count its characters. */
export function changeText({ signature: _, issuer: __, citations: ___, ...part }: TextPart, text: string): TextPart {
  return { ...part, text }
}
