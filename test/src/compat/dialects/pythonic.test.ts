import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL = 'get_weather(city="Oslo", days=2)'

describeDialect('pythonic', [
  [
    'arguments without names, behind a mark',
    '<|tool_call_start|>[write_file("a", "b, c")]<|tool_call_end|>',
    [['write_file', { path: 'a', content: 'b, c' }]],
    '',
  ],

  [
    'a set of Python is a list',
    "[search(query='x', tags={'b', 'a'}, filters={'year': 2001})]",
    [['search', { query: 'x', tags: ['b', 'a'], filters: { year: 2001 } }]],
    '',
  ],
  [
    'a quote behind which code goes on ends no string',
    `[write_file(path='a.sh', content='awk "{print f('x')}" | sort')]`,
    [['write_file', { path: 'a.sh', content: `awk "{print f('x')}" | sort` }]],
    '',
  ],
  [
    'A7: a complete block without a call is text, its end included',
    'Look: <|tool_call_start|>[]<|tool_call_end|> and <|python_start|>1 + 1<|python_end|>.',
    [],
    'Look: <|tool_call_start|>[]<|tool_call_end|> and <|python_start|>1 + 1<|python_end|>.',
  ],

  ['a list of calls', `[${CALL}, ping()]`, [OSLO, PING], ''],
  ['one bare call that is the whole message', CALL, [OSLO], ''],
  [
    'a keyword whose value was forgotten takes nothing else with it',
    '[get_weather(city=, days=2), get_weather(city="Oslo", days=)]',
    [
      ['get_weather', { days: 2 }],
      ['get_weather', { city: 'Oslo' }],
    ],
    '',
  ],
  [
    'calls between the tokens of several models',
    `A <|python_start|>[${CALL}]<|python_end|> <|tool_call_start|>ping()<|tool_call_end|>`,
    [OSLO, PING],
    'A',
  ],
  ['one call a line in its tag', `<function_calls>${CALL}\nping()</function_calls>`, [OSLO, PING], ''],
  [
    'literals of all kinds',
    `[search(query='it\\'s' " so", tags=["a", 'b'], filters={'year': 7}, limit=None)]`,
    [['search', { query: "it's so", tags: ['a', 'b'], filters: { year: 7 }, limit: null }]],
    '',
  ],
  [
    'triple quotes and raw strings',
    '[write_file(path=r"C:\\new", content="""a "b"\nc""")]',
    [['write_file', { path: 'C:\\new', content: 'a "b"\nc' }]],
    '',
  ],
  ['a tool that was not offered is text', '[print(x="hi")]', [], '[print(x="hi")]'],
  ['prose that mentions a call', `Use ${CALL} here, or [ping] or [1].`, [], `Use ${CALL} here, or [ping] or [1].`],
  ['a fence of its own is a mark', `\`\`\`tool_code\n${CALL}\n\`\`\`\nDone.`, [OSLO], 'Done.'],
])
