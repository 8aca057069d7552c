/** The command line. Each command loads what it does when it is called: help and version wait for nothing else. */
import { Command } from 'commander'
import { addConfig } from './config.ts'
import { addExplain } from './explain.ts'
import { addImport } from './import.ts'
import { addKeys } from './keys.ts'
import { addMcp } from './mcp.ts'
import { addStart } from './start.ts'
import { addSwitch } from './switch.ts'
import { readVersion } from './version.ts'

/** @param argv as `process.argv`. */
export async function main(argv: readonly string[]): Promise<void> {
  const version = readVersion()
  const program = new Command('interlingua')
    .description('One gateway between every AI client and every model.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('Try interlingua --help.')
  addStart(program, version)
  addExplain(program)
  addConfig(program)
  addImport(program)
  addSwitch(program)
  addKeys(program)
  addMcp(program, version)
  await program.parseAsync([...argv])
}
