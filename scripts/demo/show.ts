/** Prints one scene of the demo. */

/** @param saw what the client saw, in its own words. */
export function show(scene: string, saw: string): void {
  console.log(`\n■ ${scene}`)
  for (const line of saw.split('\n')) console.log(`  ${line}`)
}

/** The last scene of each client. @throws Error when the model has not been told what the tool answered. */
export function showAnswer(title: string, saw: string): void {
  show(`${title}: after the tool result`, saw)
  if (!saw.includes(`${WEATHER.name} answered`)) throw new Error(`${title}: the result of the tool got lost`)
}

/** The tool that the demo offers, and what it answers. */
export const WEATHER = {
  name: 'get_weather',
  description: 'The weather in a city.',
  schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
  ask: 'call get_weather {"city": "Lisbon"}',
  answer: '21 degrees and sunny',
}
