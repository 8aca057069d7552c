/** What a server that runs as a process gets to see of the environment. */
import type { Environment } from '../../config/expand-variables.ts'

/** Needed to find programs and a home; never a key of the hub (M76). The lists of the MCP SDK. */
const INHERITED: Readonly<Record<'posix' | 'win32', readonly string[]>> = {
  posix: ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'],
  win32: [
    'APPDATA',
    'HOMEDRIVE',
    'HOMEPATH',
    'LOCALAPPDATA',
    'PATH',
    'PROCESSOR_ARCHITECTURE',
    'PROGRAMFILES',
    'SYSTEMDRIVE',
    'SYSTEMROOT',
    'TEMP',
    'USERNAME',
    'USERPROFILE',
  ],
}

/** @param configured goes before what is inherited; it was expanded where it was read, and is not looked at again. */
export function childEnvironment(
  own: Environment,
  configured: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const name of INHERITED[platform === 'win32' ? 'win32' : 'posix']) {
    const value = own[name]
    // An exported function of a shell is code.
    if (value !== undefined && !value.startsWith('()')) environment[name] = value
  }
  return { ...environment, ...configured }
}
