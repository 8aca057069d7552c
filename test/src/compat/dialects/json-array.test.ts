import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL = '{"name": "get_weather", "arguments": {"city": "Oslo", "days": 2}}'

describeDialect('json-array', [
  [
    'A2: thoughts are no text, so that what follows them begins the line',
    `<think>First that.</think>[{"name": "ping"}]`,
    [PING],
    '<think>First that.</think>',
  ],
  [
    'thoughts in the middle of a line begin none',
    'Well, <think>that.</think>[{"name": "ping"}]',
    [],
    'Well, <think>that.</think>[{"name": "ping"}]',
  ],
  [
    'an object around the list is an envelope',
    `{"tool_calls": [{"name": "ping", "arguments": {}}, {"name": "ping"}]}`,
    [PING, PING],
    '',
  ],
  ['an envelope around no calls is text', '{"tool_calls": []}', [], '{"tool_calls": []}'],
  [
    'C6: an invented result on the next line is cut',
    'functools[{"name": "ping"}]\n```tool_result\npong\n```\nUp.',
    [PING],
    '',
  ],
  ['a bare list', `Now:\n[${CALL}, {"name": "ping", "arguments": {}}]`, [OSLO, PING], 'Now:'],
  [
    'the marks of many models',
    `<|tool_call|>[${CALL}]\nfunctools[${CALL}]\n<tool_calls>[${CALL}]</tool_calls>\n<|action_start|><|plugin|>${CALL}<|action_end|>\n<function_call> ${CALL}`,
    [OSLO, OSLO, OSLO, OSLO, OSLO],
    '',
  ],
  ['the closing tag of Phi', `<|tool_call|>[${CALL}]<|/tool_call|>`, [OSLO], ''],
  ['a comma or a bracket that is missing', `[${CALL} {"name": "ping"}`, [OSLO, PING], ''],
  [
    'raw line breaks, comments and trailing commas',
    '<|tool_call|>[{"name": "write_file", "arguments": {"content": "a\n\tb", /* c */ "path": "p",}},] ',
    [['write_file', { content: 'a\n\tb', path: 'p' }]],
    '',
  ],
  ['an empty list is text', '[]', [], '[]'],
])
