/** The end of a string that nobody closed, where the brackets and tags behind it were written all the same. */

const END_OF_BLOCK =
  /^[\s}\])]*\}[\s}\])]*(?:`{3,}\s*|<(?:\/(?:tool_calls?|function_calls?|function|tools?|s)|[|｜][\w.▁-]+[|｜]|(?:tool_call|turn)\||end_function_call)\s*>\s*)+$/i
const CUT_END_OF_BLOCK = /^[\s}\])]*\}[\s}\])]*(?:(?:<[\w/|｜▁.-]*\s*>|`+)\s*)*(?:<[\w/|｜▁.-]*\s*)?$/
const MAX_TAIL = 256

/**
 * Where closing brackets begin behind which nothing but closing tags stands until the end of the text there is.
 *
 * @returns the end of the text where there are none.
 */
export function closingTailAt(text: string, from: number): number {
  const least = Math.max(from, text.length - MAX_TAIL)
  let at = text.length
  for (let brace = text.lastIndexOf('}'); brace >= least; brace = text.lastIndexOf('}', brace - 1)) {
    if (!CUT_END_OF_BLOCK.test(text.slice(brace))) break
    at = brace
    if (brace === 0) break
  }
  return at
}

/** Whether the rest of a text, which begins at a closing bracket, closes a block of calls. */
export function closesBlock(rest: string): boolean {
  return END_OF_BLOCK.test(rest)
}
