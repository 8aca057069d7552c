/** Keeps tools from a model that a group does not want it to have. */
import type { ReportLoss } from '../../../protocols/ir/loss.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import type { Tool, ToolChoice } from '../../../protocols/ir/tool.ts'

/** The request without the tools of these names, and with a choice that the others can meet. */
export function filterTools(
  request: ChatRequest,
  isBarred: (name: string) => boolean,
  report: ReportLoss,
): ChatRequest {
  const { tools, toolChoice, parallelToolCalls, ...rest } = request
  if (tools === undefined || !tools.some((tool) => isBarred(tool.name))) return request
  const kept = tools.filter((tool, index) => {
    if (!isBarred(tool.name)) return true
    report(`tools.${index}`, "the group's tool filter takes it out")
    return false
  })
  // A choice without tools is refused by most back ends (lesson 36).
  if (kept.length === 0) return rest
  const choice = toolChoice === undefined ? undefined : meetChoice(toolChoice, kept, report)
  return {
    ...rest,
    tools: kept,
    ...(choice === undefined ? {} : { toolChoice: choice }),
    ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
  }
}

function meetChoice(choice: ToolChoice, kept: readonly Tool[], report: ReportLoss): ToolChoice {
  const names = new Set(kept.map((tool) => tool.name))
  if (choice.type === 'tool' && !names.has(choice.name)) {
    report('toolChoice', "the group's tool filter takes out the tool that it names", 'changed')
    return { type: 'auto' }
  }
  if (choice.type !== 'allowed') return choice
  const allowed = choice.names.filter((name) => names.has(name))
  return allowed.length === 0 ? { type: 'none' } : { ...choice, names: allowed }
}
