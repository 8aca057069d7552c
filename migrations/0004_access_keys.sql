-- Keys with which the gateway itself is called. Only what a key hashes to is kept: nobody can read one back.

CREATE TABLE access_keys (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
  -- SHA-256.
  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
  -- The key's last characters, to tell it from others.
  hint TEXT NOT NULL,
  -- Names of the groups that it opens, as a JSON list; NULL: all.
  groups TEXT CHECK (groups IS NULL OR json_valid(groups)),
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  -- Opens the management API too.
  admin INTEGER NOT NULL DEFAULT 0 CHECK (admin IN (0, 1)),
  -- Milliseconds since 1970, here and below; NULL: never.
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
