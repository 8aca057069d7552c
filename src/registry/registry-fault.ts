/** Why rows cannot become a registry, or a change cannot be made: the whole change is refused and the last good state goes on serving. */
export class RegistryFault extends Error {
  /** The field that is wrong, in the words of the configuration file and the admin API: `providers.openai.api_base_url`. */
  readonly path: string

  /** @param problem the rest of a sentence that begins with the path: `must be ...`. Never a secret. */
  constructor(path: string, problem: string, options?: { readonly cause?: unknown }) {
    super(`${path} ${problem}`, options)
    this.name = 'RegistryFault'
    this.path = path
  }
}
