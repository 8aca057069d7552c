/**
 * Holds every client against every back end. By itself: through a gateway of its own to scripted back ends, written to docs/conformance.md.
 * With `--base-url URL [--model NAME] [--key KEY]`: the clients' side against any gateway, printed as a table.
 */
import { parseArgs } from 'node:util'
import { tryGateway } from './conformance/try-gateway.ts'
import { writeDocument } from './conformance/write-document.ts'

const { values } = parseArgs({
  options: {
    'base-url': { type: 'string' },
    model: { type: 'string' },
    key: { type: 'string' },
  },
})

const url = values['base-url']?.replace(/\/+$/, '')
const failing = url === undefined ? await writeDocument() : await tryGateway({ ...values, url })
if (failing > 0) process.exitCode = 1
