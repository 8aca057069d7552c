/** What is wrong with a configuration file; every problem that was found, not just the first. */

export interface ConfigProblem {
  readonly file: string
  /** From 1; absent where nothing of the file could be read. */
  readonly line?: number
  readonly column?: number
  /** Where in the structure: `providers.0.api_base_url`; empty for the file as a whole. */
  readonly path: string
  /** The rest of a sentence that begins with the path. Never repeats a value: it may be a secret. */
  readonly problem: string
}

export class ConfigFault extends Error {
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[], options?: { readonly cause?: unknown }) {
    super(problems.map(writeProblem).join('\n'), options)
    this.name = 'ConfigFault'
    this.problems = problems
  }
}

/** One sentence: `config.json:12:5: providers.0.name is required.` */
export function writeProblem({ file, line, column, path, problem }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`
  return `${place}: ${path === '' ? 'the file' : path} ${problem}.`
}
