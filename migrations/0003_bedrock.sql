-- More ways of reaching a provider than two: which there are is the registry's to say, which refuses a row with another in words.

ALTER TABLE providers ADD COLUMN reached_by TEXT NOT NULL DEFAULT 'http' CHECK (reached_by <> '');
UPDATE providers SET reached_by = transport;
-- The old list of two was a CHECK of this column alone, and goes with it.
ALTER TABLE providers DROP COLUMN transport;
ALTER TABLE providers RENAME COLUMN reached_by TO transport;
