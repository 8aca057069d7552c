/** `interlingua config check`: whether a gateway would start with a file, without starting one. */
import { type Command, Option } from 'commander'
import { failClearly } from './fail-clearly.ts'

export function addConfig(program: Command): void {
  program
    .command('config')
    .description('look after the config file')
    .command('check [file]')
    .description('tell what is wrong with the config file, by line; nothing is started or changed')
    .addOption(new Option('--config <file>', 'the file (default: as for start)').env('INTERLINGUA_CONFIG'))
    .action(
      failClearly(async (file: string | undefined, flags: { readonly config?: string }) => {
        const { checkConfig } = await import('./check-config.ts')
        checkConfig(file ?? flags.config)
      }),
    )
}
