-- Status updates: one text to the timeline, to status pages and to lists of stakeholders. An update that has to be approved
-- is nowhere else until then; its id is that of its later entry on the timeline.
CREATE TABLE status_update (
  id              uuid PRIMARY KEY,
  version         bigint NOT NULL DEFAULT 1,
  incident_id     uuid NOT NULL REFERENCES incident,
  number          int NOT NULL,
  text            text NOT NULL,
  next_in_minutes int,
  status_pages    uuid[] NOT NULL DEFAULT '{}',
  lists           uuid[] NOT NULL DEFAULT '{}',
  -- Somebody said yes to readers beyond the teams that may see the incident.
  openly          boolean NOT NULL DEFAULT false,
  state           text NOT NULL CHECK (state IN ('awaiting', 'sent', 'declined', 'withdrawn')),
  written_by      uuid NOT NULL,
  written_at      timestamptz NOT NULL,
  approver_id     uuid,
  decided_by      uuid,
  decided_at      timestamptz,
  decision        text,
  -- What clients are told of its deliveries; made from status_delivery in the transaction that changes those.
  deliveries      jsonb NOT NULL DEFAULT '[]',
  UNIQUE (incident_id, number)
);

-- The outbox: one row a status page and one a mail. Addresses stay in here.
CREATE TABLE status_delivery (
  id            uuid PRIMARY KEY,
  update_id     uuid NOT NULL REFERENCES status_update,
  incident_id   uuid NOT NULL,
  -- Place among the updates of the incident: each reader gets them in their order.
  number        int NOT NULL,
  kind          text NOT NULL CHECK (kind IN ('statuspage', 'list')),
  target_id     uuid NOT NULL,
  channel_id    uuid NOT NULL,
  -- Of a mail; empty for a page.
  address       text NOT NULL DEFAULT '',
  state         text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  queued_at     timestamptz NOT NULL,
  due_at        timestamptz NOT NULL,
  attempts      int NOT NULL DEFAULT 0,
  -- Attempts that ended without a word on whether it is there.
  unknown       int NOT NULL DEFAULT 0,
  repeated      boolean NOT NULL DEFAULT false,
  -- A result counts only under the token that it was claimed with.
  claim_token   uuid,
  claimed_until timestamptz,
  settled_at    timestamptz,
  error         text,
  UNIQUE (update_id, kind, target_id, address)
);
CREATE INDEX status_delivery_waiting ON status_delivery (incident_id, kind, target_id, address, number)
  WHERE state = 'waiting';

-- What was posted until now went to the timeline alone.
INSERT INTO status_update (id, incident_id, number, text, state, written_by, written_at)
SELECT e.id, e.incident_id, row_number() OVER (PARTITION BY e.incident_id ORDER BY e.recorded_at, e.id), e.text, 'sent',
       e.actor_id, e.recorded_at
FROM timeline_entry e WHERE e.kind = 'update' AND e.actor_id IS NOT NULL;
