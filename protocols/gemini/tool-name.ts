import type { NameRules } from '../ir/tool-name.ts'

/**
 * Names of functions as the API takes them: letters, digits, `_`, `.`, `:`, `-`, and no digit or sign first (trap 51).
 *
 * @see https://ai.google.dev/api/caching#FunctionDeclaration
 */
export const FUNCTION_NAMES: NameRules = { foreign: /^[^a-zA-Z_]|[^a-zA-Z0-9_.:-]/gu, longest: 64 }
