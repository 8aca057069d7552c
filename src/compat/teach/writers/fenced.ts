/** JSON in a code fence of its own kind, for back ends that take tags out. */
import { breakMarkers } from '../guard-text.ts'
import { type Writer, type WrittenResult, writeJson, writeMarks } from '../writer.ts'

export const fenced: Writer = {
  writeCalls: (calls) =>
    calls
      .map((call) => `\`\`\`tool_call\n{"name": ${JSON.stringify(call.name)}, "arguments": ${writeJson(call)}}\n\`\`\``)
      .join('\n'),
  writeResult,
  protect: breakMarkers,
  rules: [
    'In the fence stands one JSON object and nothing else; within strings, line breaks are written as \\n and quotes as \\".',
  ],
  stops: ['```tool_result'],
}

/** The fence is longer than any in the text, as Markdown has it (CommonMark 4.5). */
function writeResult(result: WrittenResult): string {
  const longest = Math.max(2, ...[...result.text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}tool_result${writeMarks(result)}\n${result.text}\n${fence}`
}
