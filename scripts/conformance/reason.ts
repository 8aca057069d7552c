/** What an assertion or an SDK complains of, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message.replace(/\s+/g, ' ').slice(0, 200)
}
