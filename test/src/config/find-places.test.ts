import { expect } from 'chai'
import { findPlaces, type Places, type PlacesWanted } from '../../../src/config/find-places.ts'

function find(wanted: PlacesWanted, files: readonly string[], isWindows = false): Places {
  return findPlaces(wanted, {
    environment: isWindows
      ? { USERPROFILE: 'C:\\Users\\Ada', HOME: '/wrong' }
      : { HOME: '/home/ada', USERPROFILE: 'wrong' },
    platform: isWindows ? 'win32' : 'linux',
    workingDirectory: isWindows ? 'C:\\work' : '/srv',
    exists: (path) => files.includes(path),
  })
}

describe('findPlaces', () => {
  const ROWS: readonly (readonly [string, PlacesWanted, readonly string[], Places])[] = [
    ['nothing is there', {}, [], { dataDir: '/home/ada/.interlingua' }],
    [
      'A002, X31: ~/.ccproxy/config.json',
      {},
      ['/home/ada/.ccproxy/config.json'],
      { configFile: '/home/ada/.ccproxy/config.json', dataDir: '/home/ada/.ccproxy' },
    ],
    [
      'X31: ~/.interlingua/config.json goes before it',
      {},
      ['/home/ada/.ccproxy/config.json', '/home/ada/.interlingua/config.json'],
      { configFile: '/home/ada/.interlingua/config.json', dataDir: '/home/ada/.interlingua' },
    ],
    [
      'YAML, in either folder',
      {},
      ['/home/ada/.ccproxy/config.json', '/home/ada/.interlingua/config.yaml'],
      { configFile: '/home/ada/.interlingua/config.yaml', dataDir: '/home/ada/.interlingua' },
    ],
    [
      'A004: a file that is named, whatever else there is',
      { configFile: '/tmp/a.json' },
      ['/home/ada/.ccproxy/config.json'],
      { configFile: '/tmp/a.json', dataDir: '/home/ada/.interlingua' },
    ],
    [
      'A123: a file that is named from the working directory',
      { configFile: 'config.dev.json' },
      [],
      { configFile: '/srv/config.dev.json', dataDir: '/home/ada/.interlingua' },
    ],
    [
      'X31: a file that is named and lies in ~/.ccproxy',
      { configFile: '/home/ada/.ccproxy/config.prod.json' },
      [],
      { configFile: '/home/ada/.ccproxy/config.prod.json', dataDir: '/home/ada/.ccproxy' },
    ],
    [
      'X31: a data folder that is named wins',
      { configFile: '/home/ada/.ccproxy/config.json', dataDir: 'data' },
      [],
      { configFile: '/home/ada/.ccproxy/config.json', dataDir: '/srv/data' },
    ],
    [
      'a data folder that is named holds the file too, and no other folder is looked into',
      { dataDir: '/data' },
      ['/data/config.yml', '/home/ada/.interlingua/config.json'],
      { configFile: '/data/config.yml', dataDir: '/data' },
    ],
    ['an empty data folder', { dataDir: '/data' }, ['/home/ada/.interlingua/config.json'], { dataDir: '/data' }],
  ]
  for (const [title, wanted, files, expected] of ROWS) {
    it(title, () => expect(find(wanted, files)).to.deep.equal(expected))
  }

  it('A003: on Windows they lie in %USERPROFILE%', () => {
    const file = 'C:\\Users\\Ada\\.ccproxy\\config.json'
    expect(find({}, [file], true)).to.deep.equal({ configFile: file, dataDir: 'C:\\Users\\Ada\\.ccproxy' })
    expect(find({ configFile: 'a.json' }, [], true)).to.deep.equal({
      configFile: 'C:\\work\\a.json',
      dataDir: 'C:\\Users\\Ada\\.interlingua',
    })
  })

  it('takes what this process runs in, where nothing else is said', () => {
    expect(findPlaces({ dataDir: '/nowhere/at/all' })).to.deep.equal({ dataDir: '/nowhere/at/all' })
  })
})
