-- What groups do to requests, routes beside aliases, what the config file owns, and revisions by which changes are told apart.

-- Counts every change of the registry; each row bears the count at which it was written last.
CREATE TABLE registry_revision (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  revision INTEGER NOT NULL
) STRICT;
INSERT INTO registry_revision (only, revision) VALUES (1, 1);

ALTER TABLE providers ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
-- May hold credentials: sealed, like keys and the values of headers.
ALTER TABLE providers ADD COLUMN proxy_url TEXT;

ALTER TABLE groups ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE groups ADD COLUMN policy TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(policy));

-- A route and an alias of one group may have the same name.
CREATE TABLE new_aliases (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  kind TEXT NOT NULL DEFAULT 'alias' CHECK (kind IN ('alias', 'route')),
  pattern TEXT NOT NULL CHECK (pattern <> ''),
  created_at INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  UNIQUE (group_id, kind, pattern)
) STRICT;
INSERT INTO new_aliases (id, group_id, pattern, created_at) SELECT id, group_id, pattern, created_at FROM aliases;
DROP TABLE aliases;
ALTER TABLE new_aliases RENAME TO aliases;

-- What the config file named when it was applied last: `providers/openai`, `groups/team/aliases/fast`.
CREATE TABLE file_entries (
  path TEXT PRIMARY KEY,
  -- Names of the settings of it that it named.
  fields TEXT NOT NULL CHECK (json_valid(fields))
) STRICT, WITHOUT ROWID;

-- A fingerprint of the file itself is in `settings`: keyed, so that nothing can be read or guessed from it.

-- How secrets are sealed: the salt of the key, and a text that only the right key opens.
CREATE TABLE sealing (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  salt TEXT NOT NULL,
  sample TEXT NOT NULL
) STRICT;
