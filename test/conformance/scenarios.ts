/** What the matrix tries, as data. */
import { HELLO, ONE_CALL, type Said, TWO_CALLS } from '../support/said.ts'
import type { Ask, AskedTool, Call, Turn } from './ask.ts'
import type { Scenario } from './scenario.ts'

export const MODEL = 'my-model'

/** One red pixel. */
const RED = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='
/** One blue pixel. */
const BLUE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg=='

const WEATHER: AskedTool = {
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  schema: { type: 'object', properties: { city: { type: 'string', description: 'Its name' } }, required: ['city'] },
}
const TIME: AskedTool = { name: 'get_time', description: 'Tells the time.', schema: { type: 'object', properties: {} } }
const TOOLS = [WEATHER, TIME]

const DEEP: AskedTool = {
  name: 'book_table',
  description: 'Books a table.',
  schema: {
    type: 'object',
    properties: {
      guests: {
        type: 'array',
        items: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      },
      when: { type: 'string', enum: ['noon', 'night'] },
      seats: { type: 'integer', minimum: 1 },
    },
    required: ['guests', 'when'],
  },
}

const UNICODE = 'Grüße \u{1F469}‍\u{1F680} 你好 שלום \u2028 "quoted" \\ back / \t tab \u0001 end'
const LONG = 'All work and no play makes a dull gateway. '.repeat(5000)

const HI: Turn = { role: 'user', text: 'Hi' }
const WEATHER_CALL: Call = { id: 'call_weather_1', name: 'get_weather', input: { city: 'Lisbon' } }
const TIME_CALL: Call = { id: 'call_time_2', name: 'get_time', input: {} }
const CALLED: Turn = { role: 'assistant', calls: [WEATHER_CALL] }
const ANSWERED: Turn = { role: 'tool', results: [{ id: 'call_weather_1', name: 'get_weather', text: '21 degrees' }] }

/** Asks politely, but for what is said otherwise. */
function ask(more: Partial<Ask> = {}): Ask {
  return { model: MODEL, turns: [HI], ...more }
}

function calls(...made: Call[]): Said {
  return { calls: made, usage: { input: 20, output: 9 } }
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'text', ask: ask(), said: HELLO, anywhere: true },
  { name: 'system text', ask: ask({ system: 'Be brief.' }), said: HELLO, anywhere: true },
  {
    name: 'several turns',
    ask: ask({
      system: 'Be brief.',
      turns: [HI, { role: 'assistant', text: 'Hello!' }, { role: 'user', text: 'And now?' }],
    }),
    said: HELLO,
    anywhere: true,
  },
  {
    name: 'forty turns',
    ask: ask({
      turns: Array.from({ length: 41 }, (_, index) => ({
        role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
        text: `turn ${index}`,
      })),
    }),
    said: HELLO,
  },
  {
    name: 'unicode both ways',
    ask: ask({ system: UNICODE, turns: [{ role: 'user', text: UNICODE }] }),
    said: { text: [UNICODE, UNICODE.slice(0, 9), UNICODE], usage: { input: 3, output: 7 } },
  },
  {
    name: 'long text both ways',
    ask: ask({ turns: [{ role: 'user', text: LONG }] }),
    said: { text: [LONG, 'and', LONG], usage: { input: 50_000, output: 100_000 } },
  },
  { name: 'answer of nothing', ask: ask(), said: { text: [''], usage: { input: 3, output: 1 } } },
  {
    name: 'white space kept',
    ask: ask({ turns: [{ role: 'user', text: '  a\n\n  b \n' }] }),
    said: { text: ['\n', ' x ', '\n\n', 'y '], usage: { input: 3, output: 4 } },
  },
  {
    name: 'image',
    ask: ask({ turns: [{ role: 'user', text: 'What is it?', images: [{ mediaType: 'image/png', base64: RED }] }] }),
    said: HELLO,
  },
  {
    name: 'image without words',
    ask: ask({ turns: [{ role: 'user', images: [{ mediaType: 'image/png', base64: RED }] }] }),
    said: HELLO,
  },
  {
    name: 'two images in order',
    ask: ask({
      turns: [
        {
          role: 'user',
          text: 'Which differs?',
          images: [
            { mediaType: 'image/png', base64: RED },
            { mediaType: 'image/png', base64: BLUE },
          ],
        },
      ],
    }),
    said: HELLO,
  },
  { name: 'tools offered, none used', ask: ask({ tools: TOOLS }), said: HELLO, anywhere: true },
  { name: 'tool with a deep schema', ask: ask({ tools: [DEEP] }), said: HELLO },
  { name: 'one call', ask: ask({ tools: TOOLS }), said: ONE_CALL },
  { name: 'words and two calls', ask: ask({ tools: TOOLS }), said: TWO_CALLS },
  { name: 'call without arguments', ask: ask({ tools: TOOLS }), said: calls(TIME_CALL) },
  {
    name: 'one tool called three times',
    ask: ask({ tools: TOOLS }),
    said: calls(
      ...['Rome', 'Oslo', 'Rome'].map((city, index) => ({ id: `call_${index}`, name: 'get_weather', input: { city } })),
    ),
  },
  {
    name: 'call with deep arguments',
    ask: ask({ tools: [DEEP] }),
    said: calls({
      id: 'call_deep',
      name: 'book_table',
      input: {
        guests: [{ name: UNICODE, ages: [0, -1.5, 1e21] }, {}],
        when: 'noon',
        none: null,
        empty: '',
        no: false,
        nest: [[[]]],
      },
    }),
  },
  {
    name: 'result of a tool',
    ask: ask({ tools: TOOLS, turns: [HI, CALLED, ANSWERED] }),
    said: HELLO,
  },
  {
    name: 'results of parallel calls',
    ask: ask({
      tools: TOOLS,
      turns: [
        HI,
        { role: 'assistant', text: 'Let me look.', calls: [WEATHER_CALL, TIME_CALL] },
        {
          role: 'tool',
          results: [
            { id: 'call_weather_1', name: 'get_weather', text: '21 degrees' },
            { id: 'call_time_2', name: 'get_time', text: 'noon' },
          ],
        },
      ],
    }),
    said: HELLO,
  },
]
