-- The servers behind the MCP hub, what is known of them, and what each group shows of them.

CREATE TABLE mcp_servers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
  -- JSON, sealed: variables and headers are secrets.
  definition TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  -- Who may say that a program of this machine is run: the file, or an administrator on this machine.
  owner TEXT NOT NULL CHECK (owner IN ('file', 'admin')),
  -- Lists follow the order in which the servers were first named.
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- All lists of a server, so that they can be told without starting it.
CREATE TABLE mcp_catalogues (
  server_id INTEGER PRIMARY KEY REFERENCES mcp_servers (id) ON DELETE CASCADE,
  -- Of the definition under which they were read.
  fingerprint TEXT NOT NULL,
  catalogue TEXT NOT NULL CHECK (json_valid(catalogue)),
  read_at INTEGER NOT NULL
) STRICT;

-- How a tool described itself when it was accepted: at first sight, or by somebody.
CREATE TABLE mcp_tool_pins (
  server_id INTEGER NOT NULL REFERENCES mcp_servers (id) ON DELETE CASCADE,
  tool TEXT NOT NULL,
  hash TEXT NOT NULL,
  pinned_at INTEGER NOT NULL,
  PRIMARY KEY (server_id, tool)
) STRICT, WITHOUT ROWID;

CREATE TABLE mcp_group_rules (
  group_id INTEGER PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
  rules TEXT NOT NULL CHECK (json_valid(rules))
) STRICT;
