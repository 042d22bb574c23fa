-- What an entry of the timeline says in words, again for programs: a severity or status from and to, a poll's outcome,
-- when the next update is due. NULL for entries of before, and for those that have nothing of the kind.
ALTER TABLE timeline_entry ADD COLUMN data jsonb;

-- Where a review stands: written by the center alone, being written, read and closed.
ALTER TABLE postmortem ADD COLUMN state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'in-review', 'done'));
