-- Arrivals of the last hour beside each alert: {"from": …, "counts": […]}, a count for each five minutes.
-- NULL for alerts of before: theirs begins with the next time they are sent. In no index, so repeats stay heap-only updates.
ALTER TABLE alert ADD COLUMN recent jsonb;
