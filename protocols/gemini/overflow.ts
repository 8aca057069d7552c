/** Too long a prompt, said in the words from which clients of this API learn that they have to compact (trap 154). */

/** Smaller numbers in such a message are no counts of tokens: statuses, positions, versions. */
const LEAST_WINDOW = 512

/** Whether the API's message tells an overflow; it has no word of its own for it. */
export function isOverflow(message: string): boolean {
  return /input token count.*exceeds|exceeds? the maximum (?:number of tokens|token)|(?:prompt|input|context) is too long/i.test(
    message,
  )
}

/** The API's own sentence, with both numbers when the message has them. */
export function describeOverflow(message: string): string {
  if (isOverflow(message)) return message
  const numbers = [...message.matchAll(/\d[\d,_]*/g)]
    .map(([digits]) => Number(digits.replace(/[,_]/g, '')))
    .filter((number) => number >= LEAST_WINDOW)
  const count = Math.max(...numbers)
  const limit = Math.min(...numbers)
  if (numbers.length < 2 || limit === count)
    return `The input token count exceeds the maximum number of tokens allowed: ${message}`
  return `The input token count (${count}) exceeds the maximum number of tokens allowed (${limit}).`
}
