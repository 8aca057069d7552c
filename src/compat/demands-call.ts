/** Whether a request wants a call of a tool, whatever else is said. */
import type { ToolChoice } from '../../protocols/ir/tool.ts'

export function demandsCall(choice: ToolChoice | undefined): boolean {
  if (choice?.type === 'allowed') return choice.mode === 'required'
  return choice?.type === 'required' || choice?.type === 'tool'
}
