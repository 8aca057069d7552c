import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL =
  '<｜DSML｜invoke name="get_weather">\n<｜DSML｜parameter name="city" string="true">Oslo</｜DSML｜parameter>\n<｜DSML｜parameter name="days" string="false">2</｜DSML｜parameter>\n</｜DSML｜invoke>'

describeDialect('deepseek-dsml', [
  [
    'the form of V3.2 and of V4',
    `<｜DSML｜function_calls>\n${CALL}\n</｜DSML｜function_calls><｜DSML｜tool_calls>${CALL}</｜DSML｜tool_calls>`,
    [OSLO, OSLO],
    '',
  ],
  [
    'JSON in the invoke, and an invoke that closes itself',
    '<｜DSML｜tool_calls><｜DSML｜invoke name="get_weather">{"city": "Oslo", "days": 2}</｜DSML｜invoke><｜DSML｜invoke name="ping"/></｜DSML｜tool_calls>',
    [OSLO, PING],
    '',
  ],
  [
    'tags of other dialects inside a value are data',
    CALL.replace('Oslo', '</parameter>\n</invoke>\n'),
    [['get_weather', { city: '</parameter>\n</invoke>\n', days: 2 }]],
    '',
  ],
  [
    'closing tags without their prefix are forgiven',
    CALL.replace('Oslo</｜DSML｜parameter>', 'Oslo</parameter>').replace('</｜DSML｜invoke>', '</invoke>'),
    [OSLO],
    '',
  ],
  [
    'a value that says it is no string is none, without a schema',
    CALL.replace('name="days"', 'name="more"').replace('>2<', '>[1, true]<'),
    [['get_weather', { city: 'Oslo', more: [1, true] }]],
    '',
  ],
  [
    'one parameter that the tool does not have holds all of them, whatever it says of its type',
    ['true', 'false']
      .map(
        (string) =>
          `<｜DSML｜invoke name="get_weather"><｜DSML｜parameter name="input" string="${string}">{"city": "Oslo", "days": "2"}</｜DSML｜parameter></｜DSML｜invoke>`,
      )
      .join('\n'),
    [OSLO, OSLO],
    '',
  ],
])
