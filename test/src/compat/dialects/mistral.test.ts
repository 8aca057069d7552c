import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL = '{"name": "get_weather", "arguments": {"city": "Oslo", "days": 2}}'

describeDialect('mistral', [
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
