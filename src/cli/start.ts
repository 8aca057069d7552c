/** `interlingua start`: the gateway itself. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { LOG_LEVELS } from '../config/log-levels.ts'
import { failClearly } from './fail-clearly.ts'
import type { StartFlags } from './start-gateway.ts'

/** Flags go before environment variables, these before the config file, and that before the defaults. */
export function addStart(program: Command, version: string): void {
  program
    .command('start')
    .description('start the gateway')
    .addOption(new Option('--host <host>', 'address to listen on (default: 127.0.0.1)').env('INTERLINGUA_HOST'))
    .addOption(
      new Option('--port <port>', 'port to listen on, 0 for a free one; may be given several times (default: 3456)')
        .env('INTERLINGUA_PORT')
        .argParser(readPort),
    )
    .addOption(
      new Option('--config <file>', 'config file (default: ~/.interlingua/config.json or ~/.ccproxy/config.json)').env(
        'INTERLINGUA_CONFIG',
      ),
    )
    .addOption(
      new Option('--data-dir <dir>', 'folder of the database and of config.json (default: ~/.interlingua)').env(
        'INTERLINGUA_DATA_DIR',
      ),
    )
    .addOption(
      new Option('--log-level <level>', 'least level of log lines').choices(LOG_LEVELS).env('INTERLINGUA_LOG_LEVEL'),
    )
    .addOption(
      new Option('--print-ready', 'print nothing but the line that tells the address, once it listens').env(
        'INTERLINGUA_PRINT_READY',
      ),
    )
    .action(
      failClearly(async (flags: StartFlags) => {
        const { startGateway } = await import('./start-gateway.ts')
        await startGateway(flags, version)
      }),
    )
}

/** Given again, it is a further port. */
function readPort(text: string, others: readonly number[] | undefined): readonly number[] {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
  return [...(others ?? []), port]
}
