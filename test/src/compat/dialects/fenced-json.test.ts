import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL = '{"name": "get_weather", "arguments": {"city": "Oslo", "days": 2}}'

describeDialect('fenced-json', [
  [
    'end-of-turn tokens without bars on the line of its end',
    `\`\`\`tool_call\n${CALL}\n\`\`\`</s>\n\`\`\`tool_call\n${CALL}\n\`\`\`<turn|>`,
    [OSLO, OSLO],
    '',
  ],
  [
    'thoughts in front of a fence on its line',
    `<think>Now.</think>\`\`\`json\n${CALL}\n\`\`\``,
    [OSLO],
    '<think>Now.</think>',
  ],
  ['a call without a mark, and a fence with one', `{"name": "ping"}\n\`\`\`json\n${CALL}\n\`\`\``, [PING, OSLO], ''],

  ['an end-of-turn token on the line of its end', `\`\`\`tool_call\n${CALL}\n\`\`\`<|im_end|>`, [OSLO], ''],
  ['its own fence is a mark, wherever it stands', `A\n\`\`\`tool_call\n${CALL}\n\`\`\`\nB`, [OSLO], 'A\nB'],
  ['tildes, more backticks, no end', `~~~~tool_call\n${CALL}\n~~~~\n\`\`\`\`tool_call\n${CALL}`, [OSLO, OSLO], ''],
  [
    'any fence at the end of the message',
    `Both:\n\`\`\`json\n${CALL}\n\`\`\`\n\`\`\`\n{"name": "ping"}\n\`\`\``,
    [OSLO, PING],
    'Both:',
  ],
  [
    'a fence with something else in it is text',
    '```json\n{"name": "my-package", "version": "1"}\n```',
    [],
    '```json\n{"name": "my-package", "version": "1"}\n```',
  ],
  [
    'its fence around an unknown tool is text',
    '```tool_call\n{"name": "fly"}\n```',
    [],
    '```tool_call\n{"name": "fly"}\n```',
  ],
  ['an invented result is cut', `\`\`\`tool_call\n${CALL}\n\`\`\`\n\`\`\`tool_result\n1\n\`\`\`\nSunny.`, [OSLO], ''],
])
