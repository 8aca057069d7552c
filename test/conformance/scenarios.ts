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

/** What a schema may hold beyond the plain. */
const RICH: AskedTool = {
  name: 'plan_trip',
  description: 'Plans a trip.',
  schema: {
    type: 'object',
    properties: {
      from: { $ref: '#/$defs/place' },
      via: { type: 'array', items: { $ref: '#/$defs/place' }, minItems: 1, maxItems: 3 },
      budget: { anyOf: [{ type: 'number', minimum: 0 }, { type: 'null' }] },
      code: { type: 'string', pattern: '^[A-Z]{3}$', default: 'LIS' },
      kind: { const: 'trip' },
    },
    required: ['from'],
    additionalProperties: false,
    $defs: { place: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
  },
}

const ANSWER_SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'number' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
}

const UNICODE = 'Grüße \u{1F469}‍\u{1F680} 你好 שלום \u2028 "quoted" \\ back / \t tab \u0001 end'
const LONG = 'All work and no play makes a dull gateway. '.repeat(5000)

/** As other makers count their calls. */
const ODD_IDS = ['functions.get_weather:0', 'functions.get_weather:1', 'call 2']
/** Alike in their first 64 characters. */
const LONG_IDS = ['a', 'b'].map((end) => `call_${'x'.repeat(90)}${end}`)

const HI: Turn = { role: 'user', text: 'Hi' }
const WEATHER_CALL: Call = { id: 'call_weather_1', name: 'get_weather', input: { city: 'Lisbon' } }
const TIME_CALL: Call = { id: 'call_time_2', name: 'get_time', input: {} }
const CALLED: Turn = { role: 'assistant', calls: [WEATHER_CALL] }
const ANSWERED: Turn = { role: 'tool', results: [{ id: 'call_weather_1', name: 'get_weather', text: '21 degrees' }] }

/** Asks politely, but for what is said otherwise. */
function ask(more: Partial<Ask> = {}): Ask {
  return { model: MODEL, turns: [HI], ...more }
}

/** Ids differ where thoughts go with them: a gateway gives a thought back to whoever brings its call again. */
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
  {
    name: 'two user turns in a row',
    ask: ask({ turns: [HI, { role: 'user', text: 'Are you there?' }] }),
    said: HELLO,
  },
  {
    name: 'model speaks first',
    ask: ask({ turns: [{ role: 'assistant', text: 'How can I help?' }, HI] }),
    said: HELLO,
  },
  {
    name: 'five hundred pieces',
    ask: ask(),
    said: { text: Array.from({ length: 500 }, (_, index) => `${index} `), usage: { input: 3, output: 500 } },
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
  { name: 'tool with a rich schema', ask: ask({ tools: [RICH] }), said: HELLO },
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
  {
    name: 'results in another order',
    ask: ask({
      tools: TOOLS,
      turns: [
        HI,
        { role: 'assistant', calls: [WEATHER_CALL, TIME_CALL] },
        {
          role: 'tool',
          results: [
            { id: 'call_time_2', name: 'get_time', text: 'noon' },
            { id: 'call_weather_1', name: 'get_weather', text: '21 degrees' },
          ],
        },
      ],
    }),
    said: HELLO,
  },
  {
    name: 'results of one tool called twice',
    ask: ask({
      tools: TOOLS,
      turns: [
        HI,
        {
          role: 'assistant',
          calls: ['Rome', 'Oslo'].map((city) => ({ id: `call_${city}`, name: 'get_weather', input: { city } })),
        },
        {
          role: 'tool',
          results: ['Rome', 'Oslo'].map((city) => ({ id: `call_${city}`, name: 'get_weather', text: `in ${city}` })),
        },
      ],
    }),
    said: HELLO,
  },
  {
    name: 'two rounds of results',
    ask: ask({
      tools: TOOLS,
      turns: [
        HI,
        CALLED,
        ANSWERED,
        { role: 'assistant', text: 'And the time:', calls: [TIME_CALL] },
        { role: 'tool', results: [{ id: 'call_time_2', name: 'get_time', text: 'noon' }] },
      ],
    }),
    said: ONE_CALL,
  },
  {
    name: 'words after a result',
    ask: ask({ tools: TOOLS, turns: [HI, CALLED, ANSWERED, { role: 'user', text: 'In Fahrenheit, please.' }] }),
    said: HELLO,
  },
  {
    name: 'result of nothing',
    ask: ask({
      tools: TOOLS,
      turns: [HI, CALLED, { role: 'tool', results: [{ id: 'call_weather_1', name: 'get_weather', text: '' }] }],
    }),
    said: HELLO,
  },
  {
    name: 'long result in unicode',
    ask: ask({
      tools: TOOLS,
      turns: [
        HI,
        CALLED,
        { role: 'tool', results: [{ id: 'call_weather_1', name: 'get_weather', text: UNICODE.repeat(3000) }] },
      ],
    }),
    said: HELLO,
  },
  {
    name: 'result that is an error',
    ask: ask({
      tools: TOOLS,
      turns: [
        HI,
        CALLED,
        {
          role: 'tool',
          results: [{ id: 'call_weather_1', name: 'get_weather', text: 'no such city', isError: true }],
        },
      ],
    }),
    said: HELLO,
  },
  {
    name: 'ids of another alphabet',
    ask: ask({
      tools: TOOLS,
      turns: [
        HI,
        { role: 'assistant', calls: ODD_IDS.map((id) => ({ id, name: 'get_weather', input: { city: id } })) },
        { role: 'tool', results: ODD_IDS.map((id) => ({ id, name: 'get_weather', text: `of ${id}` })) },
      ],
    }),
    said: HELLO,
  },
  {
    name: 'ids too long',
    ask: ask({
      tools: TOOLS,
      turns: [
        HI,
        { role: 'assistant', calls: LONG_IDS.map((id) => ({ id, name: 'get_weather', input: { city: id } })) },
        { role: 'tool', results: LONG_IDS.map((id) => ({ id, name: 'get_weather', text: `of ${id}` })) },
      ],
    }),
    said: HELLO,
  },
  {
    name: 'long ids of the back end',
    ask: ask({ tools: TOOLS }),
    said: calls({ ...WEATHER_CALL, id: `toolu_${'y'.repeat(30)}` }),
  },
  { name: 'tool choice: auto', ask: ask({ tools: TOOLS, choice: 'auto' }), said: HELLO },
  { name: 'tool choice: none', ask: ask({ tools: TOOLS, choice: 'none' }), said: HELLO },
  { name: 'tool choice: required', ask: ask({ tools: TOOLS, choice: 'required' }), said: ONE_CALL },
  { name: 'tool choice: one', ask: ask({ tools: TOOLS, choice: { name: 'get_weather' } }), said: ONE_CALL },
  { name: 'one call at a time', ask: ask({ tools: TOOLS, parallel: false }), said: ONE_CALL },
  { name: 'limit', ask: ask({ maxTokens: 77 }), said: HELLO },
  { name: 'temperature', ask: ask({ temperature: 0.25 }), said: HELLO },
  { name: 'temperature zero', ask: ask({ temperature: 0 }), said: HELLO },
  { name: 'top p', ask: ask({ topP: 0.75 }), said: HELLO },
  { name: 'top k', ask: ask({ topK: 7 }), said: HELLO },
  { name: 'seed', ask: ask({ seed: 42 }), said: HELLO },
  { name: 'stop', ask: ask({ stop: ['END', '\n\n'] }), said: HELLO },
  {
    name: 'answer of a schema',
    ask: ask({ format: { schema: ANSWER_SCHEMA } }),
    said: { ...HELLO, text: ['{"city":', '"Rome","degrees":21}'] },
  },
  { name: 'answer in JSON', ask: ask({ format: 'json' }), said: { ...HELLO, text: ['{"a"', ':1}'] } },
  { name: 'effort', ask: ask({ effort: 'low' }), said: HELLO, mayTell: 'settings.reasoning' },
  { name: 'reasoning shown', ask: ask(), said: { ...HELLO, reasoning: `Let me think.\n${UNICODE}` } },
  {
    name: 'reasoning, then a call',
    ask: ask({ tools: TOOLS }),
    said: { ...calls({ ...WEATHER_CALL, id: 'call_after_thought' }), reasoning: 'Let me look.' },
  },
  {
    name: 'reasoning, words and two calls',
    ask: ask({ tools: TOOLS }),
    said: {
      ...calls({ ...WEATHER_CALL, id: 'call_thought_1' }, { ...TIME_CALL, id: 'call_thought_2' }),
      text: ['Let me', ' look.'],
      reasoning: 'Both.',
    },
  },
  { name: 'cut at the limit', ask: ask(), said: { ...HELLO, cut: 'length' } },
  { name: 'cut by a filter', ask: ask(), said: { ...HELLO, cut: 'filter' } },
  { name: 'tokens of a cache', ask: ask(), said: { ...HELLO, usage: { input: 1000, output: 4, cached: 900 } } },
  {
    name: 'tokens of thought',
    ask: ask(),
    said: { ...HELLO, reasoning: 'Hm.', usage: { input: 10, output: 300, thought: 256 } },
  },
  {
    name: 'stream that breaks off',
    ask: ask(),
    said: { ...HELLO, text: ['a', 'b', 'c', 'd', 'e', 'f'] },
    breaksOff: true,
  },
  { name: 'call that breaks off', ask: ask({ tools: TOOLS }), said: ONE_CALL, breaksOff: true },
  { name: 'member of tomorrow', ask: ask({ unknown: 'who knows' }), said: HELLO },
  { name: 'refused: 400', ask: ask(), said: HELLO, refusal: { status: 400, message: 'too many words' } },
  { name: 'refused: 429', ask: ask(), said: HELLO, refusal: { status: 429, message: 'too many calls' } },
  { name: 'refused: 404', ask: ask(), said: HELLO, refusal: { status: 404, message: 'no such model' } },
  { name: 'refused: 500', ask: ask(), said: HELLO, refusal: { status: 500, seen: 502, message: 'out of order' } },
  { name: 'refused: 401', ask: ask(), said: HELLO, refusal: { status: 401, message: 'no such key' } },
  { name: 'back again after refusals', ask: ask(), said: HELLO },
]
