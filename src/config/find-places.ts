/** Where the configuration file and the data folder are when nobody says so. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import type { Environment } from './expand-variables.ts'

export interface Places {
  /** Absent: there is none, and everything has its default. */
  readonly configFile?: string
  readonly dataDir: string
}

export interface PlacesWanted {
  /** From the working directory. */
  readonly configFile?: string
  readonly dataDir?: string
}

/** What the places depend on beside the wishes; each has what this process runs in as its default. */
export interface Surroundings {
  readonly environment?: Environment
  readonly platform?: NodeJS.Platform
  readonly workingDirectory?: string
  readonly exists?: (path: string) => boolean
}

const NAMES = ['config.json', 'config.jsonc', 'config.yaml', 'config.yml']

/**
 * A file that is named is taken whether it is there or not. Otherwise the first of `config.json` (or `.jsonc`, `.yaml`, `.yml`) in the data folder
 * that is named, or in `~/.interlingua` and then `~/.ccproxy` where none is.
 *
 * The data folder is `~/.ccproxy` when the file in use lies there, else `~/.interlingua` (X31).
 */
export function findPlaces(wanted: PlacesWanted, surroundings: Surroundings = {}): Places {
  const {
    environment = process.env,
    platform = process.platform,
    workingDirectory = process.cwd(),
    exists = existsSync,
  } = surroundings
  const { join, resolve, dirname } = platform === 'win32' ? win32 : posix
  const home = environment[platform === 'win32' ? 'USERPROFILE' : 'HOME'] ?? homedir()
  const [own, ccproxy] = [join(home, '.interlingua'), join(home, '.ccproxy')]
  const namedDir = wanted.dataDir === undefined ? undefined : resolve(workingDirectory, wanted.dataDir)
  const configFile =
    wanted.configFile === undefined
      ? [namedDir ?? [own, ccproxy]]
          .flat()
          .flatMap((folder) => NAMES.map((name) => join(folder, name)))
          .find(exists)
      : resolve(workingDirectory, wanted.configFile)
  const liesInCcproxy = configFile !== undefined && dirname(configFile) === ccproxy
  return {
    ...(configFile === undefined ? {} : { configFile }),
    dataDir: namedDir ?? (liesInCcproxy ? ccproxy : own),
  }
}
