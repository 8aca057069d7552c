/** What the name of a Gemini model tells of its generation, on which the API's rules depend. */

/** `models/gemini-3.1-pro-preview` is 3.1; 0 for a name that is none of Gemini's. */
export function generationOf(model: string): number {
  const version = /(?:^|\/)gemini-(\d+(?:\.\d+)?)/i.exec(model)?.[1]
  return version === undefined ? 0 : Number(version)
}

/** The larger models of a generation think more, and some of them always. */
export function isPro(model: string): boolean {
  return /(?:^|[/-])pro(?:-|$)/i.test(model)
}
