/** `interlingua import`: another program's configuration as one of ours. */
import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { FOREIGN, type Foreign, guessName, readForeign, recognizeForeign } from '../config/import/read-foreign.ts'
import { readConfigFile } from '../config/read-config-file.ts'
import { failClearly } from './fail-clearly.ts'

export function addImport(program: Command): void {
  program
    .command('import')
    .description("print another program's configuration as one for the gateway, and tell what it leaves out")
    .argument('<file>', 'its file, - for standard input')
    .addOption(
      new Option('--from <program>', 'ccr: Claude Code Router; litellm: its proxy (default: by what is in it)').choices(
        FOREIGN,
      ),
    )
    .action(failClearly((file: string, flags: { readonly from?: Foreign }) => importFile(file, flags.from)))
}

function importFile(file: string, from: Foreign | undefined): void {
  const text = file === '-' ? readFileSync(0, 'utf8') : readConfigFile(file)
  const name = file === '-' ? guessName(text) : file
  const foreign = from ?? recognizeForeign(name, text)
  if (foreign === undefined)
    throw new Error(`${file} is of no program that is known here: say whose it is with --from.`)
  const { written, left } = readForeign(foreign, name, text)
  process.stdout.write(`${JSON.stringify(written, null, 2)}\n`)
  for (const { path, reason } of left) process.stderr.write(`left out: ${path} ${reason}\n`)
}
