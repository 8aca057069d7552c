/** How a tool or prompt of a server is called towards clients. */
import { createHash } from 'node:crypto'

/** What stands between server and tool, and so never inside a server's name. */
export const NAME_SEPARATOR = '__'

/** The least of what model APIs take. */
const MAX_CHARACTERS = 64

const HASH_DIGITS = 8

/** `server__tool`, in the alphabet that every model API takes, at most 64 characters (M64). */
export function prefixName(server: string, name: string): string {
  return shorten(`${spellServer(server)}${NAME_SEPARATOR}${spell(name)}`, server, name)
}

/** The name alone, within the same alphabet and length. */
export function plainName(server: string, name: string): string {
  return shorten(spell(name), server, name)
}

/** For names that two would have: cut as a long one is, so that it depends on nobody else (M64). */
export function hashedName(exposed: string, server: string, name: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([server, name]))
    .digest('hex')
    .slice(0, HASH_DIGITS)
  return `${exposed.slice(0, MAX_CHARACTERS - HASH_DIGITS - 1)}_${hash}`
}

function shorten(text: string, server: string, name: string): string {
  return text.length <= MAX_CHARACTERS && text !== '' ? text : hashedName(text, server, name)
}

function spell(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/gu, '_')
}

function spellServer(server: string): string {
  return spell(server).replaceAll(/_{2,}/g, '_')
}
