/** Writes docs/config.schema.json, which editors read, from the schema in the code. */
import { writeFileSync } from 'node:fs'
import { publishSchema } from '../src/config/publish-schema.ts'

writeFileSync(
  new URL('../docs/config.schema.json', import.meta.url),
  `${JSON.stringify(publishSchema(), undefined, 2)}\n`,
)
