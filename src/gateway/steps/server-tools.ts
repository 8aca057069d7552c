/** Tools that the gateway itself offers to models and runs for them. */
import type { JsonObject } from '../../../protocols/ir/extra.ts'
import type { ToolResultContent } from '../../../protocols/ir/part.ts'
import type { FunctionTool } from '../../../protocols/ir/tool.ts'

/** Where they come from; handed over by `app`. */
export interface ServerTools {
  /** Cheap: asked for every request of a group that offers them. */
  list(group: string): readonly FunctionTool[]
  /** Never rejects for what the tool itself does wrong. */
  call(
    call: { readonly group: string; readonly owner: string; readonly name: string; readonly arguments: JsonObject },
    signal: AbortSignal,
  ): Promise<{ readonly content: readonly ToolResultContent[]; readonly isError: boolean }>
}
