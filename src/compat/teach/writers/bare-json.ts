/** A JSON object that stands alone, as Llama 3 writes it. */
import { breakMarkers } from '../guard-text.ts'
import { type Writer, writeJson, writeMarks } from '../writer.ts'

export const bareJson: Writer = {
  writeCalls: (calls) =>
    calls.map((call) => `{"name": ${JSON.stringify(call.name)}, "parameters": ${writeJson(call)}}`).join('\n'),
  writeResult: (result) => `<tool_response${writeMarks(result)}>\n${result.text}\n</tool_response>`,
  protect: breakMarkers,
  rules: ['The object begins a line, and nothing follows it but further such objects.'],
  stops: ['<tool_response'],
}
