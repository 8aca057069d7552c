/** Chatspeed's own tags: every value with its type and escaped once. */
import { escapeXml } from '../escape-xml.ts'
import { breakMarkers } from '../guard-text.ts'
import { TAG_NAMES, type Writer, type WrittenCall, writeMarks, writePlain } from '../writer.ts'

export const csToolUse: Writer = {
  writeCalls: (calls) => calls.map(writeUse).join('\n'),
  writeResult: (result) => `<cs:tool_result${writeMarks(result)}>${result.text}</cs:tool_result>`,
  protect: (text) => escapeXml(breakMarkers(text)),
  rules: [
    'In every value, & is written as &amp;, < as &lt; and > as &gt;; lists and objects are written as JSON first.',
    'The type is one of string, integer, number, boolean, array and object.',
  ],
  stops: ['<cs:tool_result'],
  names: TAG_NAMES,
}

function writeUse({ name, values }: WrittenCall): string {
  const args = values.map(
    ([key, json]) => `<arg name="${key}" type="${typeOf(json)}">${escapeXml(writePlain(json))}</arg>`,
  )
  return `<cs:tool_use>\n<name>${name}</name>\n<args>\n${args.map((arg) => `${arg}\n`).join('')}</args>\n</cs:tool_use>`
}

/** @param json well-formed. */
function typeOf(json: string): string {
  if (json.startsWith('"')) return 'string'
  if (json.startsWith('[')) return 'array'
  if (json.startsWith('{')) return 'object'
  if (json === 'true' || json === 'false') return 'boolean'
  if (json === 'null') return 'null'
  return /^-?\d+$/.test(json) ? 'integer' : 'number'
}
