import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL = '{"name": "get_weather", "parameters": {"city": "Oslo", "days": 2}}'

describeDialect('llama-json', [
  [
    'tools that it was trained with are methods',
    '<|python_tag|>get_weather.call(city="Oslo", days=2)<|eom_id|>',
    [OSLO],
    '',
  ],
  [
    'quotes in code that nobody escaped',
    '{"name": "write_file", "parameters": {"path": "a", "content": "print(x["k"])"}}',
    [['write_file', { path: 'a', content: 'print(x["k"])' }]],
    '',
  ],
  [
    'arguments as a text of JSON in which nothing is escaped',
    '{"name": "get_weather", "parameters": "{"city": "Oslo", "days": 2}"}',
    [OSLO],
    '',
  ],

  ['a bare call', `  ${CALL}\n`, [OSLO], ''],
  ['calls joined by semicolons and line breaks', `${CALL}; {"name": "ping"}\n${CALL}`, [OSLO, PING, OSLO], ''],
  ['behind its token, in the middle of a line', `Hm. <|python_tag|>${CALL}<|eom_id|>`, [OSLO], 'Hm.'],
  [
    'data that is about something',
    '{"name": "Ada", "parameters": {"age": 36}}',
    [],
    '{"name": "Ada", "parameters": {"age": 36}}',
  ],
  ['a call in the middle of a line is text', `Like ${CALL}`, [], `Like ${CALL}`],
  ['a call in a fence at the end', `Here:\n\`\`\`json\n${CALL}\n\`\`\`\n`, [OSLO], 'Here:'],
  [
    'F11: a call in a fence before prose is an example',
    `\`\`\`json\n${CALL}\n\`\`\`\nSo it goes.`,
    [],
    `\`\`\`json\n${CALL}\n\`\`\`\nSo it goes.`,
  ],
  ['arguments before the name', '{"parameters": {"city": "Oslo", "days": 2}, "name": "get_weather"}', [OSLO], ''],
  ['an invented result behind it is cut, and it stays a call', `${CALL}\n<tool_response>1</tool_response>`, [OSLO], ''],
])
