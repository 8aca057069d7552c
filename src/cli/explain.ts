/** `interlingua explain`: what becomes of a request in another protocol, and what is lost. */
import { type Command, Option } from 'commander'
import type { ExplainFlags } from './explain-file.ts'
import { failClearly } from './fail-clearly.ts'

export function addExplain(program: Command): void {
  const from = new Option('--from <protocol>', 'protocol of the request').makeOptionMandatory()
  const to = new Option('--to <protocol>', 'protocol of the back end').makeOptionMandatory()
  const command = program
    .command('explain')
    .description('print what a back end would be sent for a request, and what it would not be told; nobody is called')
    .argument('<file>', 'the request as JSON, - for standard input')
    .addOption(from)
    .addOption(to)
    .option('--model <name>', "the back end's name of the model (default: as in the request)")
    .action(
      failClearly(async (file: string, flags: ExplainFlags) => {
        const { explainFile } = await import('./explain-file.ts')
        process.stdout.write(explainFile(file, flags))
      }),
    )
  // Only the codecs know their names, and only this command, its help included, needs them.
  program.hook('preSubcommand', async (_program, called) => {
    if (called !== command) return
    const { codecs } = await import('../../protocols/index.ts')
    for (const option of [from, to]) option.choices(codecs.map((codec) => codec.name))
  })
}
