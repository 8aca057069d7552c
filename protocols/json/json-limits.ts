/** What a JSON text may cost, judged before anything is built from it. */
export interface JsonLimits {
  /** Arrays and objects inside each other. */
  readonly depth: number
  /** Values of any kind, containers included. */
  readonly nodes: number
}

/** Far above any chat request, far below what makes `JSON.parse` and `JSON.stringify` slow or overflow. */
export const DEFAULT_JSON_LIMITS: JsonLimits = { depth: 128, nodes: 500_000 }
