/** Which first segments of a path belong to the gateway itself, and what may be the name of a group. */

/**
 * Words that begin a path of a protocol or of the gateway, so that they can never be taken for a group.
 * The words after a protocol's version (`chat`, `messages`, ...) are among them: whoever forgets `/v1` is to be told so,
 * and not that there is no group `chat`.
 */
const RESERVED: ReadonlySet<string> = new Set([
  'v1',
  'v1beta',
  'v1beta1',
  'v1alpha',
  'v2',
  'api',
  'compat',
  'compat_mode',
  'switch',
  'mcp',
  'sse',
  'openai',
  'cc',
  'sdk',
  'claude',
  'chat',
  'completions',
  'embeddings',
  'messages',
  'models',
  'responses',
  'admin',
  'explain',
  'groups',
  'health',
  'keys',
  'metrics',
  'providers',
  'ready',
  'status',
  'usage',
  'version',
  'favicon.ico',
  'robots.txt',
])

const MAX_NAME_CHARACTERS = 64

/** Letters, marks and digits of any script, and three signs. The marks belong to the letters of many scripts. */
const NAME = /^[\p{L}\p{M}\p{N}._-]+$/u

/** Whether a path may not begin with this segment as a group, in whatever case it is written. */
export function isReservedSegment(name: string): boolean {
  return RESERVED.has(name.toLowerCase())
}

/**
 * Whether a group may be called so: 1 to 64 characters, letters and digits of any script, `-`, `_` and `.`, not only dots,
 * in Unicode's normal form C, and not a reserved word.
 */
export function isGroupName(name: string): boolean {
  if (name.length === 0 || name.length > MAX_NAME_CHARACTERS * 2) return false
  if (!NAME.test(name) || [...name].length > MAX_NAME_CHARACTERS) return false
  if (name.normalize('NFC') !== name || [...name].every((character) => character === '.')) return false
  return !isReservedSegment(name)
}
