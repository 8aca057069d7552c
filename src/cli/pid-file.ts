/** A file that tells which process serves from a data folder. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface PidFile {
  /** Takes it away, if it is still ours. */
  remove(): void
}

/**
 * Writes the number of this process into the folder: `.ccproxy.pid` in a folder of that name, else `.interlingua.pid` (A169). A file that
 * a process has left behind is replaced; that of one which still runs stays, as several may serve from one database.
 */
export function writePidFile(dataDir: string): PidFile {
  const name = basename(dataDir) === '.ccproxy' ? '.ccproxy.pid' : '.interlingua.pid'
  const file = join(dataDir, name)
  const before = readPid(file)
  if (before !== undefined && before !== process.pid && isRunning(before)) return { remove() {} }
  writeFileSync(file, `${process.pid}\n`, { mode: 0o600 })
  return {
    remove() {
      if (readPid(file) === process.pid) rmSync(file, { force: true })
    },
  }
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

/** Signal 0 asks without sending anything; a process of somebody else runs, too. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
