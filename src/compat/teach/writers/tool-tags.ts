/** Tags named after tools and parameters, values as raw text, as the prompts of Cline and its kin have it. */
import { DIALECTS } from '../../dialects/index.ts'
import { escapeIfRead, escapeXml } from '../escape-xml.ts'
import { breakMarkers } from '../guard-text.ts'
import { type Writer, type WrittenCall, writeMarks, writePlain } from '../writer.ts'

/** What means something else in an answer: a tool or a parameter of this name could not be told from it. */
const MARKS = Object.values(DIALECTS)
  .flatMap(({ tags = {}, results = [], tokens = [] }) => [...Object.keys(tags), ...results, ...tokens])
  .filter((name) => /^\w+$/.test(name))

/** What can be the name of a tag. */
const NAME = new RegExp(`^(?!(?:${[...MARKS, 'think', 's'].join('|')})$)[a-z_][\\w.-]*$`, 'i')

export const toolTags: Writer = {
  writeCalls: (calls) => calls.map(writeCall).join('\n'),
  writeResult: (result) => `<tool_response${writeMarks(result)}>\n${result.text}\n</tool_response>`,
  protect: (text) => escapeXml(breakMarkers(text)),
  rules: [
    'The tag is named after the tool, and each tag in it after a parameter.',
    'Text values are written as they are, over as many lines as they need, with nothing escaped; lists and objects are written as JSON.',
  ],
  stops: ['<tool_response'],
  names: { tool: NAME, parameter: NAME },
}

function writeCall({ name, values }: WrittenCall): string {
  const parameters = values.map(([key, json]) => `<${key}>\n${escapeIfRead(writePlain(json))}\n</${key}>\n`)
  return `<${name}>\n${parameters.join('')}</${name}>`
}
