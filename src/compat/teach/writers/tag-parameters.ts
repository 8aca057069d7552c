/** A tag for each parameter, its value as raw text between two line breaks, as Qwen3-Coder writes it. */
import { breakMarkers } from '../guard-text.ts'
import { TAG_NAMES, type Writer, type WrittenCall, writeMarks, writePlain } from '../writer.ts'

/** @param wrapper name of the tag around a call. */
export function tagParameters(wrapper: string): Writer {
  return {
    writeCalls: (calls) => calls.map((call) => `<${wrapper}>\n${writeFunction(call)}\n</${wrapper}>`).join('\n'),
    writeResult: (result) => `<tool_response${writeMarks(result)}>\n${result.text}\n</tool_response>`,
    protect: breakMarkers,
    rules: [
      'Text values are written as they are, over as many lines as they need, with nothing escaped; lists and objects are written as JSON.',
    ],
    stops: ['<tool_response'],
    names: TAG_NAMES,
  }
}

function writeFunction({ name, values }: WrittenCall): string {
  const parameters = values.map(([key, json]) => `<parameter=${key}>\n${writePlain(json)}\n</parameter>\n`)
  return `<function=${name}>\n${parameters.join('')}</function>`
}
