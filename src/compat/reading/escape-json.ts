/** Anything but what a string of JSON may hold as it is; half surrogate pairs are written as escapes. */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

/** A piece of text as it stands inside a JSON string. A piece must not end in half a surrogate pair. */
export function escapeJson(piece: string): string {
  return NEEDS_ESCAPE.test(piece) ? JSON.stringify(piece).slice(1, -1) : piece
}
