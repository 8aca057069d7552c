/** `interlingua import`: another program's configuration as one of ours. */
import { type Command, Option } from 'commander'
import { FOREIGN, type Foreign } from '../config/import/foreign.ts'
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
    .action(
      failClearly(async (file: string, flags: { readonly from?: Foreign }) => {
        const { importFile } = await import('./import-file.ts')
        importFile(file, flags.from)
      }),
    )
}
