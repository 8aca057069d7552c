/** What the management API may see and do of the servers that run. */
import type { ManagedServers } from './upstream/upstream-servers.ts'

export interface ServerManagement {
  /** Absent: there is no such server, or it is disabled. */
  status(name: string): object | undefined
  /** The last words of its processes. */
  stderr(name: string): string | undefined
  /** Ends it, with everything that runs over it, and asks it anew; resolves when it has told its lists, or failed. */
  restart(name: string): Promise<void>
  /** Accepts how its tools describe themselves now. @param tools absent: all. @returns those that had changed. */
  accept(name: string, tools: readonly string[] | undefined): readonly string[]
}

export function manageServers(servers: ManagedServers): ServerManagement {
  return {
    status(name) {
      const server = servers.find(name)
      if (server === undefined) return undefined
      const { state, links, connections, runningCalls, failuresInARow, lastFailure } = server.upstream.status()
      const catalogue = server.known()
      return {
        state,
        links,
        connections,
        running_calls: runningCalls,
        failures_in_a_row: failuresInARow,
        ...(lastFailure === undefined ? {} : { last_failure: lastFailure }),
        ...(catalogue === undefined
          ? {}
          : {
              era: catalogue.facts.era,
              protocol_version: catalogue.facts.protocolVersion,
              server_info: catalogue.facts.serverInfo,
              tools: catalogue.tools.length,
              prompts: catalogue.prompts.length,
              resources: catalogue.resources.length,
              resource_templates: catalogue.resourceTemplates.length,
            }),
        changed_tools: [...server.changedTools()],
      }
    },
    stderr: (name) => servers.find(name)?.stderr.read(),
    async restart(name) {
      const server = servers.find(name)
      await server?.upstream.stop()
      await server?.refresh()
    },
    accept: (name, tools) => servers.find(name)?.accept(tools) ?? [],
  }
}
