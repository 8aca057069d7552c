-- Answers that clients may name in a later request. Each row holds its own turn only; `previous` leads to the one before.

CREATE TABLE stored_answers (
  id TEXT PRIMARY KEY,
  -- Whoever asked: an answer is found by nobody else.
  scope TEXT NOT NULL,
  previous TEXT,
  -- Messages of the request, and the turn that answered them, in the neutral form.
  input TEXT NOT NULL CHECK (json_valid(input)),
  output TEXT NOT NULL CHECK (json_valid(output)),
  -- The answer as its client was given it.
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX stored_answers_by_expiry ON stored_answers (expires_at);
