/** The version of this program, from its own package. */
import { existsSync, readFileSync } from 'node:fs'

/** One folder up from the sources, two from the built files. */
const PLACES = ['../../package.json', '../../../package.json']

/** @throws Error when the package is damaged. */
export function readVersion(): string {
  for (const place of PLACES) {
    const url = new URL(place, import.meta.url)
    if (!existsSync(url)) continue
    const { name, version } = JSON.parse(readFileSync(url, 'utf8')) as { name?: unknown; version?: unknown }
    if (name === 'interlingua' && typeof version === 'string') return version
  }
  throw new Error('package.json of interlingua is missing')
}
