export const NO_SUCH_TOOL = 'there is no such tool'

/** What is wrong with a call, for whoever reads of losses. @param problem `NO_SUCH_TOOL`, or what its schema says of it. */
export function sayProblem(name: string, problem: string): string {
  const quoted = JSON.stringify(name)
  return problem === NO_SUCH_TOOL
    ? `${quoted} was called: ${problem}`
    : `the arguments of ${quoted} do not fit its schema: ${problem}`
}
