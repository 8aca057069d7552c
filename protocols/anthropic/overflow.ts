/** Too long a prompt, said in the words from which clients of this API learn that they have to compact (K28, trap 154). */

const PREFIX = 'prompt is too long'
/** Smaller numbers in such a message are no counts of tokens: statuses, positions, versions. */
const LEAST_WINDOW = 512

/** Whether the API's message tells an overflow; it has no type of its own for it. */
export function isOverflow(message: string): boolean {
  return /prompt is too long|exceed(?:s|ed)? (?:the )?context (?:limit|window)|input is too long/i.test(message)
}

/** The API's own sentence, with both numbers when the message has them. */
export function describeOverflow(message: string): string {
  const numbers = [...message.matchAll(/\d[\d,_]*/g)]
    .map(([digits]) => Number(digits.replace(/[,_]/g, '')))
    .filter((number) => number >= LEAST_WINDOW)
  const tokens = Math.max(...numbers)
  const maximum = findMaximum(message, numbers, tokens)
  if (maximum !== undefined) return `${PREFIX}: ${tokens} tokens > ${maximum} maximum`
  return message.toLowerCase().startsWith(PREFIX) ? message : `${PREFIX}: ${message}`
}

/** The number that is called the limit, else the largest below the count. */
function findMaximum(message: string, numbers: readonly number[], tokens: number): number | undefined {
  const named = /(?:maximum|limit|allowed|window|context (?:length|size))[^\d]{0,60}(\d[\d,_]*)/i.exec(message)?.[1]
  const limit = named === undefined ? undefined : Number(named.replace(/[,_]/g, ''))
  if (limit !== undefined && limit >= LEAST_WINDOW && limit < tokens) return limit
  const below = numbers.filter((number) => number < tokens)
  return below.length === 0 ? undefined : Math.max(...below)
}
