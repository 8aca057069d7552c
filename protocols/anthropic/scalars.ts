/** The plain values of a request, which a first look checks as well as the decoder: a relayed body is never decoded. */
import {
  type Expect,
  expectBoolean,
  expectInteger,
  expectPositiveInteger,
  expectRange,
  expectString,
  refuse,
} from '../ir/expect.ts'

const expectName: Expect<string> = (value, path) =>
  expectString(value, path) || refuse(path, 'expected a name, got nothing')

const expectCount: Expect<number> = (value, path) => {
  const number = expectInteger(value, path)
  return number >= 0 ? number : refuse(path, `expected at least 0, got ${number}`)
}

export const SCALARS = {
  model: expectName,
  stream: expectBoolean,
  max_tokens: expectPositiveInteger,
  // The API takes 0 to 1; people send up to 2, as elsewhere, and an encoder lowers it (A135).
  temperature: expectRange(0, 2),
  top_p: expectRange(0, 1),
  top_k: expectCount,
} satisfies Readonly<Record<string, Expect<unknown>>>
