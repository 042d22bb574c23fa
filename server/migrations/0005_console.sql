-- The commander's console -----------------------------------------------------------------------------------------

-- One owner, one thing, so many minutes.
CREATE TABLE ask (
  id           uuid PRIMARY KEY,
  version      bigint NOT NULL DEFAULT 1,
  incident_id  uuid NOT NULL REFERENCES incident,
  text         text NOT NULL,
  owner_id     uuid NOT NULL,
  asked_by     uuid NOT NULL,
  asked_at     timestamptz NOT NULL,
  due_at       timestamptz NOT NULL,
  -- When it was said on the timeline that no answer came in time.
  overdue_at   timestamptz,
  answer       jsonb,
  cancelled_at timestamptz,
  field_versions jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ask_incident ON ask (incident_id);
CREATE INDEX ask_due ON ask (due_at, id) WHERE answer IS NULL AND cancelled_at IS NULL AND overdue_at IS NULL;

-- Goes ahead unless somebody objects before it closes.
CREATE TABLE poll (
  id          uuid PRIMARY KEY,
  version     bigint NOT NULL DEFAULT 1,
  incident_id uuid NOT NULL REFERENCES incident,
  question    text NOT NULL,
  opened_by   uuid NOT NULL,
  opened_at   timestamptz NOT NULL,
  closes_at   timestamptz NOT NULL,
  asked       uuid[] NOT NULL DEFAULT '{}',
  votes       jsonb NOT NULL DEFAULT '[]',
  outcome     text CHECK (outcome IN ('carried', 'objected', 'withdrawn')),
  closed_at   timestamptz
);
CREATE INDEX poll_incident ON poll (incident_id);
CREATE INDEX poll_closes ON poll (closes_at, id) WHERE outcome IS NULL;

-- Who works on an incident, until they leave or are released.
CREATE TABLE participant (
  id          uuid PRIMARY KEY,
  version     bigint NOT NULL DEFAULT 1,
  incident_id uuid NOT NULL REFERENCES incident,
  user_id     uuid NOT NULL,
  joined_at   timestamptz NOT NULL,
  via         text NOT NULL,
  released_at timestamptz,
  released_by uuid,
  UNIQUE (incident_id, user_id)
);
