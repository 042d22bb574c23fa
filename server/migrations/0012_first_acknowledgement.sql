-- When the first life of a reopened incident was acknowledged: `acknowledged_at` is that of the running one, and how fast
-- people answered is counted by the first. NULL until it is reopened.
ALTER TABLE incident ADD COLUMN first_acknowledged_at timestamptz;
