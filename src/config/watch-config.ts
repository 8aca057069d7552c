/** Notices when the configuration file changes, and hands over what it says then. */
import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Environment } from './expand-variables.ts'
import { digestOf, type LoadedConfig, parseConfig } from './load-config.ts'
import { readConfigFile } from './read-config-file.ts'

/** Editors write in several steps; the last event of a burst counts. */
const DEBOUNCE_MS = 50

/** What no event tells of, as on network file systems, is seen after this time. */
const POLL_MS = 5000

export interface WatchOptions {
  readonly file: string
  readonly environment: Environment
  /** Digest of the text that was loaded before; a change since then is noticed at once. */
  readonly seen: string | undefined
  /**
   * Takes over what the file says now. May throw: then it must have changed nothing, and what it threw is told to `refuse`.
   */
  readonly apply: (loaded: LoadedConfig) => void
  /** The file is wrong or gone: a ConfigFault, or what `apply` threw. What was applied last goes on serving. */
  readonly refuse: (error: unknown) => void
  readonly debounceMs?: number
  readonly pollMs?: number
}

export interface ConfigWatch {
  /** Reads and hands over now, also what is the same as before, as on SIGHUP. */
  reload(): void
  /** Nothing is called any more when this has returned. */
  close(): void
}

/**
 * Watches a file that has been loaded. Each change of its text leads to one call of `apply` or `refuse`, one after the other and never from
 * within this call; replacing the file by renaming another over it is a change like any other.
 */
export function watchConfig(options: WatchOptions): ConfigWatch {
  const { file, environment, apply, refuse, debounceMs = DEBOUNCE_MS, pollMs = POLL_MS } = options
  let { seen } = options
  let pending: NodeJS.Timeout | undefined

  function look(always: boolean): void {
    clearTimeout(pending)
    const before = seen
    try {
      seen = undefined
      const text = readConfigFile(file)
      seen = digestOf(text)
      if (seen !== before || always) apply(parseConfig(file, text, environment))
    } catch (error) {
      if (seen !== before || always) refuse(error)
    }
  }

  function lookSoon(): void {
    clearTimeout(pending)
    pending = setTimeout(look, debounceMs, false).unref()
  }

  const watcher = watchFolder(file, lookSoon)
  const poll = setInterval(lookSoon, pollMs).unref()
  lookSoon()
  return {
    reload: () => look(true),
    close() {
      watcher?.close()
      clearInterval(poll)
      clearTimeout(pending)
    },
  }
}

/** The folder, since a file that is replaced takes the watch on it along. The database lies there too, and its events must cost nothing. */
function watchFolder(file: string, changed: () => void): FSWatcher | undefined {
  const name = basename(file)
  try {
    const watcher = watch(dirname(file), { persistent: false }, (_, touched) => {
      // Kubernetes swaps a link that begins with two dots, and some systems tell no name.
      if (touched === null || touched === name || touched.startsWith('..')) changed()
    })
    // Then the poll has to do.
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined
  }
}
