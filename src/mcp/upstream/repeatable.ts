/** Requests that change nothing: they may be sent once more when a connection broke; a call may have acted (M84). */
const REPEATABLE: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
  'tasks/list',
  'tasks/get',
])

export function isRepeatable(method: string): boolean {
  return REPEATABLE.has(method)
}
