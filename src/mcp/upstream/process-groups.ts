/** Starts programs, each with a process group of its own, and ends whole groups: runners such as npx pass no signals on (M74). */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Clock } from './clock.ts'
import { type LaunchOrder, planLaunch, planTreeKill } from './plan-launch.ts'

export interface ProcessGroup {
  readonly child: ChildProcessWithoutNullStreams
  /** Closes its standard input, and if that is not enough sends SIGTERM, then SIGKILL. Resolves when nobody of it is left. */
  end(): Promise<void>
  /** Resolves when the program itself has ended, with why; also when it could not be started. */
  readonly ended: Promise<string>
}

export interface ProcessGroups {
  /**
   * Never through a shell, but for the batch files of Windows. A program that cannot be started has ended at once.
   *
   * @throws UnsafeArgument
   */
  start(order: LaunchOrder): ProcessGroup
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
    for (const group of running) signalGroup(group.child, 'SIGKILL', spawnSync)
  }
  process.on('exit', killAll)

  function start(order: LaunchOrder): ProcessGroup {
    const { command, args, isQuoted } = planLaunch(order, process.platform, existsSync)
    const child = spawn(command, args, {
      env: order.env,
      ...(order.cwd === undefined ? {} : { cwd: order.cwd }),
      shell: false,
      detached: process.platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: isQuoted,
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
  // Else a gateway that has closed everything else would end before its servers, and before it has put its own things away.
  const staysAwake = setInterval(() => {}, TERM_AFTER_MS)
  const begun = clock.now()
  let sent: 'SIGTERM' | 'SIGKILL' | undefined
  while (isAlive(child)) {
    const waited = clock.now() - begun
    if (waited >= GIVE_UP_AFTER_MS) break
    const due = waited >= KILL_AFTER_MS ? 'SIGKILL' : waited >= TERM_AFTER_MS ? 'SIGTERM' : undefined
    if (due !== sent && due !== undefined) signalGroup(child, due)
    sent = due
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve))
  }
  clearInterval(staysAwake)
}

/** Whether the program or anybody of its group is left. */
function isAlive(child: ChildProcessWithoutNullStreams): boolean {
  const isRunning = child.exitCode === null && child.signalCode === null && child.pid !== undefined
  return isRunning || signalGroup(child, 0)
}

/**
 * @param run of Windows, whose processes get no signals.
 * @returns whether there was anybody.
 */
function signalGroup(
  { pid }: ChildProcessWithoutNullStreams,
  signal: 'SIGTERM' | 'SIGKILL' | 0,
  run: typeof spawn | typeof spawnSync = spawn,
): boolean {
  if (pid === undefined) return false
  if (process.platform === 'win32') {
    if (signal === 0) return false
    const { command, args } = planTreeKill(pid, signal)
    run(command, args, { stdio: 'ignore', windowsHide: true })
    return true
  }
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

function explainStart(command: string, error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return `there is no program ${command}, or no such working folder`
  if (error.code === 'EACCES') return `the program ${command} may not be run`
  return error.code ?? error.message
}
