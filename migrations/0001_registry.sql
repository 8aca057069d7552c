-- The registry: who can be called, under which names, and in which groups.
-- Names of providers and groups are one whatever the case of their letters; names of models are not, as vendors tell them apart.

CREATE TABLE providers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
  protocol TEXT NOT NULL,
  transport TEXT NOT NULL CHECK (transport IN ('http', 'demo')),
  base_url TEXT NOT NULL,
  auth_header TEXT NOT NULL,
  auth_prefix TEXT NOT NULL,
  headers TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(headers)),
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  -- Milliseconds since 1970, here and below.
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE provider_keys (
  id INTEGER PRIMARY KEY,
  provider_id INTEGER NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
  secret TEXT NOT NULL CHECK (secret <> ''),
  label TEXT NOT NULL DEFAULT '',
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  position INTEGER NOT NULL,
  UNIQUE (provider_id, secret)
) STRICT;

CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  provider_id INTEGER NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (name <> ''),
  display_name TEXT,
  context_tokens INTEGER CHECK (context_tokens > 0),
  max_output_tokens INTEGER CHECK (max_output_tokens > 0),
  default_max_output_tokens INTEGER CHECK (default_max_output_tokens > 0),
  -- What is known of it beyond the numbers above; empty objects leave everything to the tables of the program.
  capabilities TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(capabilities)),
  facts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts)),
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  position INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (provider_id, name)
) STRICT;

CREATE TABLE groups (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
  description TEXT NOT NULL DEFAULT '',
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  -- Models of all providers may be named in it, besides its aliases.
  open INTEGER NOT NULL DEFAULT 0 CHECK (open IN (0, 1)),
  tool_mode TEXT NOT NULL DEFAULT 'auto' CHECK (tool_mode IN ('auto', 'compat', 'native')),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE aliases (
  id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  pattern TEXT NOT NULL CHECK (pattern <> ''),
  created_at INTEGER NOT NULL,
  UNIQUE (group_id, pattern)
) STRICT;

CREATE TABLE targets (
  id INTEGER PRIMARY KEY,
  alias_id INTEGER NOT NULL REFERENCES aliases (id) ON DELETE CASCADE,
  provider_id INTEGER NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
  model TEXT NOT NULL CHECK (model <> ''),
  -- Share among the targets of the same priority.
  weight INTEGER NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000000),
  -- Lower numbers are tried first.
  priority INTEGER NOT NULL DEFAULT 0,
  parameters TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(parameters)),
  position INTEGER NOT NULL
) STRICT;

CREATE INDEX targets_by_alias ON targets (alias_id, position);
CREATE INDEX targets_by_provider ON targets (provider_id);

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- The two groups that a new registry begins with; `demo` may be deleted and then stays away.
INSERT INTO groups (name, description, open, created_at) VALUES
  ('default', 'Serves paths that name no group.', 1, unixepoch() * 1000),
  ('demo', 'Answers without any key, to try things out.', 0, unixepoch() * 1000);

INSERT INTO settings (key, value) VALUES ('active_group', 'default');
