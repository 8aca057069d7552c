/** JSON between tags, as Hermes and Qwen write it. */
import { breakMarkers } from '../guard-text.ts'
import { type Writer, writeJson, writeMarks } from '../writer.ts'

export const tagJson: Writer = {
  writeCalls: (calls) =>
    calls
      .map(
        (call) => `<tool_call>\n{"name": ${JSON.stringify(call.name)}, "arguments": ${writeJson(call)}}\n</tool_call>`,
      )
      .join('\n'),
  writeResult: (result) => `<tool_response${writeMarks(result)}>\n${result.text}\n</tool_response>`,
  protect: breakMarkers,
  rules: [
    'Between the tags stands one JSON object and nothing else; within strings, line breaks are written as \\n and quotes as \\".',
  ],
  stops: ['<tool_response'],
}
