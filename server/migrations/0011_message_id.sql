-- A message to one person may tell of several pages, under the id of the first. When that page is over after a try, what
-- remains goes on under the same id: a provider that had the first try knows it, and does not tell it again.
ALTER TABLE notification ADD COLUMN message_id uuid;
CREATE INDEX notification_message ON notification (message_id) WHERE message_id IS NOT NULL;
