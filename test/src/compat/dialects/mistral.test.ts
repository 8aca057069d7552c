import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL = '{"name": "get_weather", "arguments": {"city": "Oslo", "days": 2}}'

describeDialect('mistral', [
  ['a list in a fence', `[TOOL_CALLS] \`\`\`json\n[${CALL}]\n\`\`\` Done.`, [OSLO], 'Done.'],

  [
    'D7: arguments that are null, or an empty list; the next call is neither',
    '[TOOL_CALLS]ping[ARGS]null[TOOL_CALLS]ping[ARGS][][TOOL_CALLS]ping[ARGS][TOOL_CALLS]ping[ARGS]{}}',
    [PING, PING, PING, PING],
    '',
  ],

  ['its own closing word is dropped behind a call', `[TOOL_CALLS][${CALL}][/TOOL_CALLS] [/TOOL_CALLS]`, [OSLO], ''],
  ['the closing word alone is text', 'End it with [/TOOL_CALLS].', [], 'End it with [/TOOL_CALLS].'],
  [
    'B1: a name that the message broke off in calls nothing',
    `[TOOL_CALLS] [${CALL}, {"name": "pi`,
    [OSLO],
    ', {"name": "pi',
  ],

  ['a list, as before v11', `A [TOOL_CALLS] [${CALL}, {"name": "ping"}]`, [OSLO, PING], 'A'],
  [
    'a name and JSON, as in v11',
    '[TOOL_CALLS]get_weather{"city": "Oslo", "days": 2}[TOOL_CALLS]ping{}',
    [OSLO, PING],
    '',
  ],
  [
    'with id and arguments marked, as in v13',
    '[TOOL_CALLS]get_weather[CALL_ID]a1B2c3D4e[ARGS]{"city": "Oslo", "days": 2}',
    [OSLO],
    '',
  ],
  [
    'F10: a call in its reasoning is none',
    `[THINK]maybe [TOOL_CALLS][${CALL}][/THINK]no`,
    [],
    `[THINK]maybe [TOOL_CALLS][${CALL}][/THINK]no`,
  ],
  ['invented results are cut', `[TOOL_CALLS] [${CALL}] [TOOL_RESULTS] 1`, [OSLO], ''],
  ['the word without a call is text', 'Say [TOOL_CALLS] or [TOOL_CALLS', [], 'Say [TOOL_CALLS] or [TOOL_CALLS'],
])
