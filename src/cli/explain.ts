/** `interlingua explain`: what becomes of a request in another protocol, and what is lost. */
import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { codecs, findCodec } from '../../protocols/index.ts'
import { parseJson } from '../../protocols/json/parse.ts'
import { explainRequest } from '../gateway/explain.ts'
import { describeModel } from '../providers/known-models.ts'

interface ExplainFlags {
  readonly from: string
  readonly to: string
  readonly model?: string
}

export function addExplain(program: Command): void {
  const names = codecs.map((codec) => codec.name)
  program
    .command('explain')
    .description('print what a back end would be sent for a request, and what it would not be told; nobody is called')
    .argument('<file>', 'the request as JSON, - for standard input')
    .addOption(new Option('--from <protocol>', 'protocol of the request').choices(names).makeOptionMandatory())
    .addOption(new Option('--to <protocol>', 'protocol of the back end').choices(names).makeOptionMandatory())
    .option('--model <name>', "the back end's name of the model (default: as in the request)")
    .action((file: string, flags: ExplainFlags) => {
      try {
        process.stdout.write(explainFile(file, flags))
      } catch (error) {
        process.stderr.write(`interlingua: ${error instanceof Error ? error.message : String(error)}\n`)
        process.exitCode = 1
      }
    })
}

function explainFile(file: string, { from, to, model }: ExplainFlags): string {
  const body = parseJson(readFileSync(file === '-' ? 0 : file))
  const order = { from: findCodec(from), to: findCodec(to), body, factsOf: describeModel }
  const { method, path, query, body: sent, losses } = explainRequest(model === undefined ? order : { ...order, model })
  const told = losses.map((loss) => `  ${loss.effect} ${loss.path}: ${loss.reason}`)
  return [
    `${method} ${path}${query === '' ? '' : `?${query}`}`,
    JSON.stringify(sent, null, 2),
    '',
    told.length === 0
      ? 'Nothing is lost.'
      : `${told.length} ${told.length === 1 ? 'thing is' : 'things are'} not told as written:`,
    ...told,
    '',
  ].join('\n')
}
