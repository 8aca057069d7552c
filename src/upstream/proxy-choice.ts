/** Chooses the proxy of a call: by what is configured, by the environment, and by who must never be called through one. */
import { BlockList, isIP } from 'node:net'
import { type IsExempt, readNoProxy } from './no-proxy.ts'
import { type OutboundProxy, readProxy } from './proxy.ts'

/**
 * @param url of the provider.
 * @param own what is configured for this provider; empty: no proxy; absent: as for all.
 * @returns nothing for a call that goes directly.
 */
export type ChooseProxy = (url: URL, own: string | undefined) => OutboundProxy | undefined

export interface ProxyChoice {
  readonly choose: ChooseProxy
  /** Whole sentences about variables of the environment that cannot be obeyed, without their values. */
  readonly problems: readonly string[]
}

export interface ProxySettings {
  /** For all providers, before what the environment says. */
  readonly proxyUrl?: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Base URLs are few, but those of Bedrock follow its regions and people change their providers. */
const MOST_REMEMBERED = 1000

/**
 * This machine is never called through a proxy, and neither is what `NO_PROXY` names. For the rest the nearest word counts: the
 * provider's own proxy, then that for all, then `HTTPS_PROXY` or `HTTP_PROXY` by the scheme of the URL, then `ALL_PROXY`. Variables
 * in lower case go before those in upper case, as they do for curl.
 *
 * @throws Error in one sentence when `proxyUrl` is no URL of a proxy.
 */
export function createProxyChoice({ proxyUrl, environment }: ProxySettings): ProxyChoice {
  const forAll = proxyUrl === undefined ? undefined : readProxy(proxyUrl)
  const problems: string[] = []
  const http = forAll ?? readVariables(['http_proxy', 'all_proxy'], environment, problems)
  const https = forAll ?? readVariables(['https_proxy', 'all_proxy'], environment, problems)
  const isExempt: IsExempt = readNoProxy(environment['no_proxy'] ?? environment['NO_PROXY'] ?? '')
  const isNeverUsed = http === undefined && https === undefined
  const chosen = new Map<string, OutboundProxy | undefined>()

  function decide(url: URL, own: string | undefined): OutboundProxy | undefined {
    if (own === '' || isThisMachine(url) || isExempt(url)) return undefined
    if (own !== undefined) return readProxy(own)
    return url.protocol === 'https:' ? https : http
  }

  return {
    choose(url, own) {
      if (isNeverUsed && own === undefined) return undefined
      const key = `${url.origin} ${own ?? ' '}`
      if (!chosen.has(key)) {
        if (chosen.size >= MOST_REMEMBERED) chosen.clear()
        chosen.set(key, decide(url, own))
      }
      return chosen.get(key)
    },
    problems: [...new Set(problems)],
  }
}

/** The first that is set, unless it is of no use. */
function readVariables(
  names: readonly string[],
  environment: ProxySettings['environment'],
  problems: string[],
): OutboundProxy | undefined {
  for (const name of names.flatMap((lower) => [lower, lower.toUpperCase()])) {
    const text = environment[name]?.trim() ?? ''
    if (text === '') continue
    try {
      return readProxy(text)
    } catch (error) {
      problems.push(`${name} is not obeyed: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return undefined
}

const THIS_MACHINE = new BlockList()
THIS_MACHINE.addSubnet('127.0.0.0', 8, 'ipv4')
THIS_MACHINE.addAddress('0.0.0.0', 'ipv4')
THIS_MACHINE.addAddress('::1', 'ipv6')
THIS_MACHINE.addAddress('::', 'ipv6')

function isThisMachine(url: URL): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  const family = isIP(host)
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost')
  return THIS_MACHINE.check(host, family === 6 ? 'ipv6' : 'ipv4')
}
