/** `GET /admin/export` and `POST /admin/import`: everything as one file. */
import express, { Router } from 'express'
import type { ConfiguredGroup } from '../config/group-notation.ts'
import type { ConfiguredMcpServer } from '../config/mcp-notation.ts'
import { writeConfig } from '../config/write-config.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import { type ConfiguredRegistry, configuredRegistry } from '../registry/configured-registry.ts'
import { mcpServerValues } from '../registry/mcp-servers.ts'
import { RegistryFault } from '../registry/registry-fault.ts'
import { saveGroup } from '../registry/save-group.ts'
import { saveProvider } from '../registry/save-provider.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'
import type { MakeChange } from './change.ts'
import { isFromThisMachine } from './from-this-machine.ts'
import { type ImportBody, readImport } from './import-body.ts'
import { leaveSecretsOut } from './leave-secrets-out.ts'
import { takenText } from './read-body.ts'
import { readFlag } from './read-flag.ts'
import { showResource, tagOfRevision } from './resource.ts'

const takeFile = express.raw({ type: () => true, limit: '16mb' })

export function createExchangeConfig(store: Store, change: MakeChange): Router {
  const router = Router()
  const tag = (): string => tagOfRevision({ revision: store.revision() })

  router.get('/admin/export', (request, response) => {
    const showsSecrets = readFlag(request, 'secrets')
    response.setHeader('content-disposition', 'attachment; filename="config.json"')
    const read = () => {
      const all = configuredRegistry(store)
      return { body: writeConfig(showsSecrets ? all : leaveSecretsOut(all)), tag: tag() }
    }
    showResource(response, store.read(read))
  })
  router.post('/admin/import', takeFile, (request, response) => {
    const order = readImport(takenText(request), request.query['from'])
    // No list of harmless commands is one (M103).
    if (!isFromThisMachine(request) && order.config.mcpServers.some(({ transport }) => transport.type === 'stdio')) {
      const issue = 'holds a server with a command, which can be named from this machine or in the config file only'
      throw new AdminFailure(400, `mcpServers ${issue}.`, { field: 'mcpServers', issue })
    }
    let changes: object = {}
    change(request, response, {
      tag,
      make() {
        const before = listEntries(configuredRegistry(store))
        apply(store, order.config)
        changes = compare(before, listEntries(configuredRegistry(store)))
        return false
      },
      show: () => ({ body: { from: order.from, ...changes, left: order.left, warnings: order.warnings }, tag: tag() }),
    })
  })
  return router
}

/** What it names becomes as it says, all else stays; it is the word of the API, not that of the config file. */
function apply(store: Store, { providers, groups, mcpServers, activeGroup }: ImportBody['config']): void {
  const before = configuredRegistry(store)
  for (const provider of providers) saveProvider(store, provider, false)
  for (const group of groups) saveGroup(store, keepHeaders(group, before))
  for (const server of mcpServers) store.mcpServers.save(mcpServerValues(keepVariables(server, before), 'admin'))
  if (activeGroup === undefined) return
  const row = store.groups.find(activeGroup)
  if (row === undefined) throw new RegistryFault('active_group', `is ${activeGroup}, and there is no such group`)
  store.settings.write('active_group', row.name)
}

/** An export without secrets does not say that there are none: what is stored stays, as the keys of providers do. */
function keepHeaders(group: ConfiguredGroup, before: ConfiguredRegistry): ConfiguredGroup {
  const headers = before.groups.find(({ name }) => name === group.name)?.policy?.headers
  if (group.policy === undefined || headers === undefined) return group
  return { ...group, policy: { headers, ...group.policy } }
}

/** The same for a server that is still the same program, or at the same address (S4). */
function keepVariables(server: ConfiguredMcpServer, before: ConfiguredRegistry): ConfiguredMcpServer {
  const known = before.mcpServers.find(({ name }) => name === server.name)?.transport
  const { transport } = server
  if (transport.type === 'stdio') {
    const isSame = known?.type === 'stdio' && known.command === transport.command
    return isSame ? { ...server, transport: { ...transport, env: { ...known.env, ...transport.env } } } : server
  }
  const isSame =
    known !== undefined && known.type !== 'stdio' && new URL(known.url).origin === new URL(transport.url).origin
  return isSame
    ? { ...server, transport: { ...transport, headers: { ...known.headers, ...transport.headers } } }
    : server
}

/** By path: a text that is another one when the entry is. */
function listEntries({ providers, groups, mcpServers, activeGroup }: ConfiguredRegistry): ReadonlyMap<string, string> {
  return new Map([
    ...providers.map((provider): [string, string] => [`providers.${provider.name}`, canonicalJson(provider)]),
    ...groups.flatMap(({ aliases, routes, ...group }): [string, string][] => [
      [`groups.${group.name}`, canonicalJson(group)],
      ...[...aliases].map(([name, to]): [string, string] => [
        `groups.${group.name}.aliases.${name}`,
        canonicalJson(to),
      ]),
      ...[...(routes ?? [])].map(([name, to]): [string, string] => [
        `groups.${group.name}.routes.${name}`,
        canonicalJson(to),
      ]),
    ]),
    ...mcpServers.map((server): [string, string] => [`mcpServers.${server.name}`, canonicalJson(server)]),
    ...(activeGroup === undefined ? [] : [['active_group', activeGroup] as [string, string]]),
  ])
}

function compare(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): object {
  const paths = [...after.keys()]
  return {
    created: paths.filter((path) => !before.has(path)),
    changed: paths.filter((path) => before.has(path) && before.get(path) !== after.get(path)),
  }
}
