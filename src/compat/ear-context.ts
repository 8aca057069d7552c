/** What listening to one candidate answer shares with listening to the others. */
import type { StreamEvent } from '../../protocols/ir/event.ts'
import type { ReportLoss } from '../../protocols/ir/loss.ts'
import type { InvalidCall, ListenerOptions } from './listener.ts'
import type { ToolBook } from './tools/tool-book.ts'

export interface EarContext {
  readonly choice: number
  readonly options: ListenerOptions
  readonly tools: ToolBook
  /** Whether the request forbids the tool of this name, though it knows it. */
  readonly forbids: (name: string) => boolean
  readonly usedIds: Set<string>
  readonly invalidCalls: InvalidCall[]
  readonly report: ReportLoss
  readonly emit: (event: StreamEvent) => void
}
