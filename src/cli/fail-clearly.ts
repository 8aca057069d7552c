/** A command that fails says why in one line and ends with 1: whoever throws words it for people. */
export function failClearly<Args extends readonly unknown[]>(
  action: (...args: Args) => void | Promise<void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args)
    } catch (error) {
      process.stderr.write(`interlingua: ${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = 1
    }
  }
}
