import { describeDialect, OSLO, PING } from './describe-dialect.ts'

describeDialect('cline', [
  ['special tokens are no tools', '<ping/><|im_end|>', [PING], ''],
  ['a call', 'A\n<get_weather>\n<city>Oslo</city>\n<days>2</days>\n</get_weather>\nB', [OSLO], 'A\n\nB'],
  ['a call without parameters, and one that closes itself', '<ping></ping><ping/>', [PING, PING], ''],
  [
    'the last closing tag before the next one that is legal counts',
    '<write_file><content>a </content> b</content><path>p</path></write_file>',
    [['write_file', { content: 'a </content> b', path: 'p' }]],
    '',
  ],
  [
    'a tool that is called like an element of HTML',
    'A <search> element and <search>text</search>.',
    [],
    'A <search> element and <search>text</search>.',
  ],
  ['a parameter that nobody closed', '<get_weather>\n<days>2</days>\n<city>Oslo\n</get_weather>', [OSLO], ''],
  ['tags in any case', '<Get_Weather>\n<City>Oslo</city>\n<DAYS>2</DAYS>\n</GET_WEATHER>', [OSLO], ''],
  [
    'a parameter that was closed twice',
    '<get_weather><city>Oslo</city></city><days>2</days></days></get_weather>',
    [OSLO],
    '',
  ],
  [
    'a tool closed by a tag that is called almost like it, or like another tool',
    '<get_weather><city>Oslo</city><days>2</days></get_weathers>\n<get_weather><city>Oslo</city><days>2</days></search>',
    [OSLO, OSLO],
    '',
  ],
  [
    'a tool without parameters that nobody closed, at the end and before the next one',
    'I <ping> it.\n<ping>\n<get_weather><city>Oslo</city><days>2</days></get_weather>\n<ping><|im_end|>\n<ping>\n',
    [PING, OSLO, PING, PING],
    'I <ping> it.',
  ],
  ['a tool that was closed twice', '<ping></ping>\n</ping>\nDone. </ping>', [PING], 'Done. </ping>'],
  [
    'a section of CDATA on lines of its own',
    '<write_file><content>\n<![CDATA[a < b]]>\n</content></write_file>',
    [['write_file', { content: 'a < b' }]],
    '',
  ],
  [
    'its tags are no calls where another dialect was taught in a fence',
    '```xml\n<ping></ping>\n```\nThat is it.',
    [],
    '```xml\n<ping></ping>\n```\nThat is it.',
  ],
])
