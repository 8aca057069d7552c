/** Starts programs, each with a process group of its own, and ends whole groups: runners such as npx pass no signals on (M74). */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Clock } from './clock.ts'

export interface ProcessOrder {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
}

export interface ProcessGroup {
  readonly child: ChildProcessWithoutNullStreams
  /** Closes its standard input, and if that is not enough sends SIGTERM, then SIGKILL. Resolves when nobody of it is left. */
  end(): Promise<void>
  /** Resolves when the program itself has ended, with why; also when it could not be started. */
  readonly ended: Promise<string>
}

export interface ProcessGroups {
  /** Never through a shell. A program that cannot be started has ended at once. */
  start(order: ProcessOrder): ProcessGroup
  /** Programs that run. */
  readonly size: number
  /** Ends all of them. */
  close(): Promise<void>
}

const TERM_AFTER_MS = 2000
const KILL_AFTER_MS = 5000
/** Nobody outlives SIGKILL, but dead ones that nobody buries still count as members of the group. */
const GIVE_UP_AFTER_MS = 6000
const LOOK_EVERY_MS = 20

export function createProcessGroups(clock: Clock): ProcessGroups {
  const running = new Set<ProcessGroup>()
  // The last resort for a process that exits without closing anything.
  const killAll = (): void => {
    for (const group of running) signalGroup(group.child, 'SIGKILL')
  }
  process.on('exit', killAll)

  function start(order: ProcessOrder): ProcessGroup {
    const child = spawn(order.command, order.args, {
      env: order.env,
      ...(order.cwd === undefined ? {} : { cwd: order.cwd }),
      shell: false,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    // Writing to a program that has just died is no error of ours: its end is told by `ended`.
    child.stdin.on('error', () => {})
    const ended = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(explainStart(order.command, error)))
      child.on('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
    })
    let ending: Promise<void> | undefined
    const group: ProcessGroup = {
      child,
      ended,
      end: () => {
        ending ??= endGroup(child, clock).finally(() => running.delete(group))
        return ending
      },
    }
    running.add(group)
    // What the program itself leaves behind goes with it.
    void ended.then(() => group.end())
    return group
  }

  return {
    start,
    get size() {
      return running.size
    },
    async close() {
      await Promise.all([...running].map((group) => group.end()))
      process.off('exit', killAll)
    },
  }
}

async function endGroup(child: ChildProcessWithoutNullStreams, clock: Clock): Promise<void> {
  child.stdin.end()
  const begun = clock.now()
  let sent: NodeJS.Signals | undefined
  while (isAlive(child)) {
    const waited = clock.now() - begun
    if (waited >= GIVE_UP_AFTER_MS) break
    const due = waited >= KILL_AFTER_MS ? 'SIGKILL' : waited >= TERM_AFTER_MS ? 'SIGTERM' : undefined
    if (due !== sent && due !== undefined) signalGroup(child, due)
    sent = due
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve))
  }
}

/** Whether the program or anybody of its group is left. */
function isAlive(child: ChildProcessWithoutNullStreams): boolean {
  const isRunning = child.exitCode === null && child.signalCode === null && child.pid !== undefined
  return isRunning || signalGroup(child, 0)
}

/** @returns whether there was anybody. */
function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false
  try {
    if (process.platform !== 'win32') return process.kill(-child.pid, signal)
    return signal === 0 ? false : child.kill(signal)
  } catch {
    return false
  }
}

function explainStart(command: string, error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return `there is no program ${command}, or no such working folder`
  if (error.code === 'EACCES') return `the program ${command} may not be run`
  return error.code ?? error.message
}
