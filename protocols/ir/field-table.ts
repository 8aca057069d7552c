/** Total tables: every field of a neutral object is written to the wire or declared lost, or the codec does not compile. */
import type { ReportLoss } from './loss.ts'

/** How one field reaches the wire. `write` returns what had to be changed, in words, or nothing. */
export type FieldRule<Value, Wire, Context> =
  | { readonly write: (value: Value, wire: Wire, context: Context) => string | undefined }
  | { readonly lost: string }
  /** Written elsewhere in the same codec, which is named for the reader. */
  | { readonly elsewhere: string }

/** One row per field of `Source`; a field that is added there stops every codec from compiling until it has its row. */
export type FieldTable<Source, Wire, Context = void> = {
  readonly [Field in keyof Required<Source>]: FieldRule<NonNullable<Source[Field]>, Wire, Context>
}

/**
 * Writes the fields that are present in `source` to `wire` by their rows, in the order of the table, and reports the losses.
 *
 * @param path where `source` stands, as a prefix of the reported paths; empty at the top.
 */
export function writeFields<Source extends object, Wire, Context>(
  source: Source,
  table: FieldTable<Source, Wire, Context>,
  wire: Wire,
  context: Context,
  path: string,
  report: ReportLoss,
): void {
  for (const field of Object.keys(table) as (keyof Source & string)[]) {
    const value = source[field]
    if (value === undefined || value === null) continue
    const rule = table[field] as FieldRule<unknown, Wire, Context>
    if ('elsewhere' in rule) continue
    const place = path === '' ? field : `${path}.${field}`
    if ('lost' in rule) {
      report(place, rule.lost)
      continue
    }
    const change = rule.write(value, wire, context)
    if (change !== undefined) report(place, change, 'changed')
  }
}
