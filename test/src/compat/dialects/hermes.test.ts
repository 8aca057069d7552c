import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL = '{"name": "get_weather", "arguments": {"city": "Oslo", "days": 2}}'

describeDialect('hermes', [
  [
    'A6: two tags in prose with a word between them',
    'All between <tool_call> and </tool_call> is a call.',
    [],
    'All between <tool_call> and </tool_call> is a call.',
  ],
  [
    'braces that are doubled, as in a template',
    '<tool_call>{{"name": "search", "arguments": {{"query": "x", "filters": {{"year": 2001}}, "limit": 3}}}}</tool_call>',
    [['search', { query: 'x', filters: { year: 2001 }, limit: 3 }]],
    '',
  ],

  ['a comma too many between members', `<tool_call>${CALL.replace(', "days"', ',, "days"')}</tool_call>`, [OSLO], ''],

  ['B1: a closing tag that the end of the answer cut', `<tool_call>${CALL}</tool_ca`, [OSLO], ''],
  ['B1: an end-of-turn token that it cut, behind a call without a mark', `${CALL}<|im_en`, [OSLO], ''],
  ['A6: an opening tag that it cut is text', `<tool_call>${CALL}</tool_call><tool_ca`, [OSLO], '<tool_ca'],
  ['A6: so is a closing one behind prose', `<tool_call>${CALL}</tool_call>Ok </tool_ca`, [OSLO], 'Ok </tool_ca'],
  ['B2: the opening tag for the closing one', `<tool_call>${CALL}\n<tool_call>\n`, [OSLO], ''],

  ['text around a call stays', `Before.\n<tool_call>\n${CALL}\n</tool_call>\nAfter.`, [OSLO], 'Before.\n\nAfter.'],
  [
    'an array and a second object in one tag are calls',
    `<tool_call>[${CALL}, {"name": "ping"}]\n${CALL}</tool_call>`,
    [OSLO, PING, OSLO],
    '',
  ],
  [
    'F6: the closing tag inside a string ends nothing',
    '<tool_call>{"name": "write_file", "arguments": {"path": "a", "content": "</tool_call>"}}</tool_call>',
    [['write_file', { path: 'a', content: '</tool_call>' }]],
    '',
  ],
  ['F1: a call without its closing tag ends with the message', `<tool_call>\n${CALL}`, [OSLO], ''],
  [
    'an expression of Python in the tag is a call',
    '<tool_call>get_weather(city="Oslo", days=2)</tool_call>',
    [OSLO],
    '',
  ],
  [
    'a wrong closing tag closes a call, one that closes nothing is text',
    `<div><tool_call>${CALL}</tool_use>\n<tool_call>${CALL}</call> ok <tool_call>${CALL}</tool_call></div>`,
    [OSLO, OSLO, OSLO],
    '<div> ok </div>',
  ],
  [
    'F1: missing braces are added, surplus ones dropped',
    `<tool_call>${CALL.slice(0, -1)}</tool_call><tool_call>${CALL}}}</tool_call>`,
    [OSLO, OSLO],
    '',
  ],
  [
    'a name whose value was forgotten takes nothing else with it',
    '<tool_call>{"name": "search", "arguments": {"query": , "filters": {"year": }, "tags": ["a"], "limit": }, "id": "x"}</tool_call>',
    [['search', { filters: {}, tags: ['a'] }]],
    '',
  ],
  [
    'quotes inside a string that nobody escaped are text',
    '<tool_call>{"name": "write_file", "arguments": {"path": "a", "content": "say "hi", then "bye" to all"}}</tool_call>',
    [['write_file', { path: 'a', content: 'say "hi", then "bye" to all' }]],
    '',
  ],
  [
    'everyday tags count around offered tools only',
    `<tools>${CALL}</tools><json>{"name": "Ada", "arguments": {}}</json>`,
    [OSLO],
    '<json>{"name": "Ada", "arguments": {}}</json>',
  ],
  ['a fence inside of the tag is part of it', `<tool_call>\n\`\`\`json\n${CALL}\n\`\`\`\n</tool_call>`, [OSLO], ''],
  [
    'F16: names but for case, punctuation and namespace',
    '<tool_call>{"name": "functions.Get-Weather", "arguments": {"city": "Oslo", "days": "2"}}</tool_call>',
    [OSLO],
    '',
  ],
  [
    'an unknown tool in a tag is passed as written',
    '<tool_call>{"name": "fly", "arguments": {"to": "Rome"}}</tool_call>',
    [['fly', { to: 'Rome' }]],
    '',
  ],
  [
    'a tag in prose is text, and so is a block without a call',
    'The <tool_call> tag, <tool_call>not json</tool_call>',
    [],
    'The <tool_call> tag, <tool_call>not json</tool_call>',
  ],
  ['an empty block is nothing', 'A<tool_call>\n</tool_call>B', [], 'AB'],
  ['bare JSON counts when nothing follows it', `Well:\n${CALL}`, [OSLO], 'Well:'],
  ['bare JSON in front of prose is text', `${CALL}\nThat was an example.`, [], `${CALL}\nThat was an example.`],
  [
    'F9: an invented result is cut with all that follows',
    `<tool_call>${CALL}</tool_call><tool_response>1</tool_response> Sunny.`,
    [OSLO],
    '',
  ],
  [
    'keys of other envelopes and arguments as a text',
    '<tool_call>{"type": "function", "function": {"name": "get_weather", "arguments": "{\\"city\\": \\"Oslo\\", \\"days\\": 2}"}}</tool_call>',
    [OSLO],
    '',
  ],
])
