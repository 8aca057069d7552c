/** Keys and values in tags by turns, as GLM writes them. */
import { breakMarkers } from '../guard-text.ts'
import { TAG_NAMES, type Writer, type WrittenCall, writeMarks, writePlain } from '../writer.ts'

export const argPairs: Writer = {
  writeCalls: (calls) => calls.map(writePairs).join('\n'),
  writeResult: (result) => `<tool_response${writeMarks(result)}>\n${result.text}\n</tool_response>`,
  protect: breakMarkers,
  rules: ['Text values are written as they are, with nothing escaped; lists and objects are written as JSON.'],
  stops: ['<tool_response', '<|observation|>'],
  names: TAG_NAMES,
}

function writePairs({ name, values }: WrittenCall): string {
  const pairs = values.map(([key, json]) => `<arg_key>${key}</arg_key>\n<arg_value>${writePlain(json)}</arg_value>\n`)
  return `<tool_call>${name}\n${pairs.join('')}</tool_call>`
}
