/** How a program is started: as it is, but for Windows, where npx and uvx are batch files that only its shell can run (M74). */
import { win32 } from 'node:path'

export interface LaunchOrder {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
}

export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  /** The arguments are quoted already. */
  readonly isQuoted: boolean
}

/** An argument that no batch file can be given. */
export class UnsafeArgument extends Error {
  override readonly name = 'UnsafeArgument'
}

/** What Windows has where nothing else is said; the environment of the program does not say it. */
const EXTENSIONS = ['.com', '.exe', '.bat', '.cmd']

/** It would end the quotes, be filled in, or end the line, within the shell or within the batch file, which reads them once more. */
const UNQUOTABLE = /["%\r\n\0]/

/**
 * A program is never found by a shell. A batch file gets every argument within quotes, where no character but those of
 * `UNQUOTABLE` means anything; nothing is escaped, because the batch file would take away what only the shell was meant to.
 *
 * @param isFile whether there is a file of this whole path.
 * @throws UnsafeArgument
 */
export function planLaunch(order: LaunchOrder, platform: NodeJS.Platform, isFile: (path: string) => boolean): Launch {
  const { command, args, env } = order
  if (platform !== 'win32') return { command, args, isQuoted: false }
  const found = listPlaces(order).find(isFile) ?? command
  if (!/\.(?:bat|cmd)$/i.test(found)) return { command: found, args, isQuoted: false }
  const words = [found, ...args]
  const bad = words.find((word) => UNQUOTABLE.test(word))
  if (bad !== undefined) {
    throw new UnsafeArgument(
      `${command} is a batch file, which cannot be given ", % or line breaks: name the program that it runs`,
    )
  }
  const shell = win32.join(env['SYSTEMROOT'] ?? 'C:\\Windows', 'System32', 'cmd.exe')
  // The outer quotes are what /s takes away; /d: no commands of the registry first; /v:off: no variables between !.
  return { command: shell, args: ['/d', '/s', '/v:off', '/c', `"${words.map(quote).join(' ')}"`], isQuoted: true }
}

/** Ends a program of Windows with all that it has started. */
export function planTreeKill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): Omit<Launch, 'isQuoted'> {
  return { command: 'taskkill', args: ['/pid', String(pid), '/T', ...(signal === 'SIGKILL' ? ['/F'] : [])] }
}

/** In the order in which Windows would look; never in the working folder, unless it is said so. */
function listPlaces({ command, env, cwd = '.' }: LaunchOrder): readonly string[] {
  const isPath = /[\\/:]/.test(command)
  const folders = isPath ? [cwd] : (env['PATH'] ?? '').split(';').filter((folder) => folder !== '')
  const hasExtension = EXTENSIONS.includes(win32.extname(command).toLowerCase())
  const names = [...(hasExtension ? [command] : []), ...EXTENSIONS.map((extension) => command + extension)]
  return folders.flatMap((folder) =>
    names.map((name) => (isPath ? win32.resolve(folder, name) : win32.join(folder, name))),
  )
}

/** Backslashes before a closing quote would take it for a letter. */
function quote(word: string): string {
  return `"${word.replace(/\\+$/, '$&$&')}"`
}
