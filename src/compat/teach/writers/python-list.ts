/** A Python list of calls with keyword arguments, as Llama 4 writes it. */
import { breakMarkers } from '../guard-text.ts'
import { type Writer, type WrittenCall, writeMarks } from '../writer.ts'

export const pythonList: Writer = {
  writeCalls: (calls) => `[${calls.map(writeCall).join(', ')}]`,
  writeResult: (result) => `<tool_response${writeMarks(result)}>\n${result.text}\n</tool_response>`,
  protect: breakMarkers,
  rules: [
    'The list begins a line and nothing follows it; every argument is given by its name, its value as a Python literal.',
  ],
  stops: ['<tool_response'],
  names: { tool: /^[\p{L}_][\p{L}\p{N}_.-]*$/u, parameter: /^[\p{L}_][\p{L}\p{N}_]*$/u },
}

function writeCall({ name, values }: WrittenCall): string {
  return `${name}(${values.map(([key, json]) => `${key}=${writeLiteral(json)}`).join(', ')})`
}

const WORDS: Readonly<Record<string, string>> = { null: 'None', true: 'True', false: 'False' }

/** Python reads JSON but for three words; so digits stay as they are, however many there are. */
function writeLiteral(json: string): string {
  return breakMarkers(json).replace(/"(?:[^"\\]|\\.)*"|null|true|false/gs, (found) => WORDS[found] ?? found)
}
