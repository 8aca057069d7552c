/** Calls as `<invoke name="…">` within a wrapper that holds all calls of a turn, as Claude and MiniMax write them. */

import { escapeIfRead, escapeXml } from '../escape-xml.ts'
import { breakMarkers } from '../guard-text.ts'
import { TAG_NAMES, type Writer, type WrittenCall, writeMarks, writePlain } from '../writer.ts'

/**
 * @param wrapper name of the tag around all calls.
 * @param isEscaped whether the dialect's reader decodes entities in values, so that results must be written with them.
 */
export function invoke(wrapper: string, isEscaped: boolean): Writer {
  return {
    writeCalls: (calls) =>
      `<${wrapper}>\n${calls.map((call) => writeInvoke(call, isEscaped)).join('\n')}\n</${wrapper}>`,
    writeResult: (result) => `<function_results${writeMarks(result)}>\n${result.text}\n</function_results>`,
    protect: isEscaped ? (text) => escapeXml(breakMarkers(text)) : breakMarkers,
    rules: [
      'Text values are written as they are, over as many lines as they need; lists and objects are written as JSON.',
    ],
    stops: ['<function_results'],
    names: TAG_NAMES,
  }
}

function writeInvoke({ name, values }: WrittenCall, isEscaped: boolean): string {
  const parameters = values.map(([key, json]) => {
    const text = writePlain(json)
    return `<parameter name="${key}">${isEscaped ? escapeIfRead(text) : text}</parameter>\n`
  })
  return `<invoke name="${name}">\n${parameters.join('')}</invoke>`
}
