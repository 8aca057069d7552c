/** An item that stands for a conversation, holding a summary of it where the API has what it alone can read. */
import type { JsonObject } from '../ir/extra.ts'
import type { Message } from '../ir/message.ts'
import { SEALED } from '../ir/seal.ts'

const ITEM_TYPE = 'compaction'
const SUMMARY = `${SEALED}summary:`
const INTRODUCTION = 'Summary of the conversation so far:\n\n'

export function writeSummary(text: string, id: string): JsonObject {
  return { type: ITEM_TYPE, id, encrypted_content: SUMMARY + text }
}

/** The summary as a turn; nothing for an item that only the API can read. */
export function readSummary({ type, encrypted_content: content }: JsonObject): Message | undefined {
  if (type !== ITEM_TYPE || typeof content !== 'string' || !content.startsWith(SUMMARY)) return undefined
  return { role: 'user', parts: [{ type: 'text', text: INTRODUCTION + content.slice(SUMMARY.length) }] }
}
