/** Bytes of a framing with sums and lengths that do not fit together. */
export class BrokenFrame extends Error {
  constructor(problem: string) {
    super(`The stream is damaged: ${problem}`)
    this.name = 'BrokenFrame'
  }
}
