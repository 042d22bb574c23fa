-- Ten thousand steps that come due at once write hundreds of thousands of rows: what each of them pays for is used.

-- Written for incidents whose paging the same transaction holds locked, which points at the incident by a foreign key of its
-- own; and incidents are never deleted. The look-up of each row, and the lock that it writes into the incident, guarded
-- nothing. timeline_entry keeps its key: its audience is read from the incident, which therefore has to be there.
ALTER TABLE page DROP CONSTRAINT page_incident_id_fkey;

-- The feed comes in the order of time: one small index on blocks finds where the old part ends as well.
DROP INDEX feed_at;
CREATE INDEX feed_at ON feed USING brin (at) WITH (autosummarize = on);

-- What one look at an incident decided and saw, as one row: a row and two index entries for each decision was the largest
-- part of a burst. Entries that were written singly stay where they are, and so do those of a server of before that runs
-- beside this one.
CREATE TABLE ledger_turn (
  -- Of its first entry; those after it count on from there.
  sequence    bigint PRIMARY KEY DEFAULT nextval('ledger_entry_sequence_seq'),
  at          timestamptz NOT NULL,
  incident_id uuid NOT NULL,
  -- id, page_id, user_id, kind, title, detail, input and output of an entry with U+001F between them; U+001E between entries.
  entries     text NOT NULL
) WITH (toast_tuple_target = 8160);
CREATE INDEX ledger_turn_incident ON ledger_turn (incident_id, sequence);
CREATE INDEX ledger_turn_at ON ledger_turn USING brin (at) WITH (autosummarize = on);
-- Room for 64 entries behind each number that is given out.
ALTER SEQUENCE ledger_entry_sequence_seq INCREMENT BY 64;

-- The ledger as it is read: one row an entry. `turn` is the number by which the index finds them.
CREATE VIEW ledger AS
  SELECT sequence AS turn, sequence, id, at, incident_id, page_id, user_id, kind, title, detail, input, output
  FROM ledger_entry
  UNION ALL
  SELECT t.sequence, t.sequence + e.place - 1, e.part[1]::uuid, t.at, t.incident_id, nullif(e.part[2], '')::uuid,
    nullif(e.part[3], '')::uuid, e.part[4], e.part[5], e.part[6], e.part[7], e.part[8]
  FROM ledger_turn t CROSS JOIN LATERAL (
    SELECT string_to_array(whole, E'\x1f') AS part, place
    FROM unnest(string_to_array(t.entries, E'\x1e')) WITH ORDINALITY AS split (whole, place)
  ) AS e;
