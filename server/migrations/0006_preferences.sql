-- What a person set up for themselves, found again on every machine: one row a person, read whole.
CREATE TABLE preference (
  user_id uuid PRIMARY KEY,
  version bigint NOT NULL DEFAULT 1,
  -- By name: what was chosen, and when; the later choice stands.
  chosen  jsonb NOT NULL DEFAULT '{}'
);
