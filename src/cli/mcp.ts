/** `interlingua mcp`: the hub on standard input and output, for clients that can only start a program (M116). */
import { type Command, Option } from 'commander'
import { LOG_LEVELS } from '../config/log-levels.ts'
import type { McpFlags } from './serve-mcp.ts'

export function addMcp(program: Command, version: string): void {
  program
    .command('mcp')
    .description('speak MCP on standard input and output, through the running gateway or without one')
    .option('--group <name>', 'group whose servers are shown (default: the default group)')
    .addOption(new Option('--url <url>', 'of the gateway (default: as configured, if it runs)').env('INTERLINGUA_URL'))
    .addOption(new Option('--key <key>', 'for the gateway (default: apikey of the config file)').env('INTERLINGUA_KEY'))
    .addOption(new Option('--config <file>', 'config file').env('INTERLINGUA_CONFIG'))
    .addOption(new Option('--data-dir <dir>', 'folder of the database').env('INTERLINGUA_DATA_DIR'))
    .addOption(
      new Option('--log-level <level>', 'least level of log lines, which go to standard error')
        .choices(LOG_LEVELS)
        .default('warn'),
    )
    .action(async (flags: McpFlags) => {
      try {
        const { serveMcp } = await import('./serve-mcp.ts')
        await serveMcp(flags, version)
        process.exit(0)
      } catch (error) {
        process.stderr.write(`interlingua: ${error instanceof Error ? error.message : String(error)}\n`)
        process.exit(1)
      }
    })
}
