import type { ValueShape } from './value-text.ts'

/** Every character is data. */
export const VERBATIM: ValueShape = { trimsNewlines: false, entities: 'verbatim' }
/** A line break after the opening and before the closing tag belongs to the format. */
export const OWN_LINES: ValueShape = { trimsNewlines: true, entities: 'verbatim' }
