import { describeDialect, OSLO } from './describe-dialect.ts'

const OPEN = '<｜tool▁calls▁begin｜>'
const V3 =
  '<｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n{"city": "Oslo", "days": 2}\n```<｜tool▁call▁end｜>'
const V31 = '<｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"city": "Oslo", "days": 2}<｜tool▁call▁end｜>'

describeDialect('deepseek', [
  [
    'A6, A7: tokens in prose are text, opening and closing ones',
    `Calls stand between ${OPEN} and <｜tool▁calls▁end｜>, each.`,
    [],
    `Calls stand between ${OPEN} and <｜tool▁calls▁end｜>, each.`,
  ],
  [
    'a quote that was forgotten in front of the end of the block',
    `${OPEN}<｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{"days": 2, "city": "Oslo}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
    [OSLO],
    '',
  ],

  ['the form of V3, twice', `A${OPEN}${V3}\n${V3}<｜tool▁calls▁end｜>`, [OSLO, OSLO], 'A'],
  ['the form of V3.1', `${OPEN}${V31}<｜tool▁calls▁end｜><｜end▁of▁sentence｜>`, [OSLO], ''],
  ['without the token of the section', V31, [OSLO], ''],
  [
    'without the token of the call, as R1 writes it',
    `<｜tool▁calls｜>${V3.slice('<｜tool▁call▁begin｜>'.length)}`,
    [OSLO],
    '',
  ],
  ['look-alikes in ASCII', `${OPEN}${V31}`.replaceAll('｜', '|').replaceAll('▁', '_'), [OSLO], ''],
  ['invented outputs are cut', `${OPEN}${V31}<｜tool▁outputs▁begin｜>x`, [OSLO], ''],
  [
    'tokens in a string are data',
    `${OPEN}<｜tool▁call▁begin｜>write_file<｜tool▁sep｜>{"content": "<｜tool▁call▁end｜>"}<｜tool▁call▁end｜>`,
    [['write_file', { content: '<｜tool▁call▁end｜>' }]],
    '',
  ],
  ['an unfinished token is text', 'The <｜tool▁call is cut', [], 'The <｜tool▁call is cut'],
])
