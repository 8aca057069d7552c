/** Lists source files over 300 lines and functions over 60, as places to look at. Never fails. */
import { globSync, readFileSync } from 'node:fs'

const FILE_LINES = 300
const FUNCTION_LINES = 60

const files = globSync('{protocols,src}/**/*.ts').sort()
const sizes = []
for (const file of files) {
  const lines = readFileSync(file, 'utf8').split('\n')
  sizes.push(lines.length)
  if (lines.length > FILE_LINES) process.stdout.write(`${file}: ${lines.length} lines\n`)
  let start
  for (const [index, line] of lines.entries()) {
    if (/^ {0,2}(export )?(async )?(function|private|[\w#]+\(.*\).*\{$)/.test(line) && line.endsWith('{'))
      start ??= index
    if (start !== undefined && (line === '}' || line === '  }')) {
      if (index - start > FUNCTION_LINES)
        process.stdout.write(`${file}:${start + 1}: ${index - start + 1} lines in one function\n`)
      start = undefined
    }
  }
}
sizes.sort((one, other) => one - other)
process.stdout.write(
  `${files.length} files, median ${sizes[Math.floor(sizes.length / 2)]} lines, largest ${sizes.at(-1)}, ` +
    `${Math.round((100 * sizes.filter((size) => size <= FILE_LINES).length) / sizes.length)} % of ${FILE_LINES} or fewer\n`,
)
