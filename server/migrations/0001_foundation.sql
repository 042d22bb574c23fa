-- The event log and its consumers --------------------------------------------------------------------------------

CREATE TABLE event_log (
  topic       text     NOT NULL,
  partition   smallint NOT NULL,
  xid         xid8     NOT NULL DEFAULT pg_current_xact_id(),
  seq         bigint   NOT NULL GENERATED ALWAYS AS IDENTITY,
  id          uuid     NOT NULL,
  key         text     NOT NULL,
  type        text     NOT NULL,
  payload     text     NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (topic, partition, xid, seq)
);

-- One row a group and partition. Its row lock is the claim on the partition: two servers never run the same one.
CREATE TABLE consumer_offset (
  consumer_group text     NOT NULL,
  topic          text     NOT NULL,
  partition      smallint NOT NULL,
  xid            xid8     NOT NULL DEFAULT '0',
  seq            bigint   NOT NULL DEFAULT 0,
  -- Attempts of the record at the head, counted before they run.
  attempts       int      NOT NULL DEFAULT 0,
  -- Up to here records run one by one, because a batch that held them failed.
  cautious_xid   xid8     NOT NULL DEFAULT '0',
  cautious_seq   bigint   NOT NULL DEFAULT 0,
  PRIMARY KEY (consumer_group, topic, partition)
);

CREATE TABLE dead_letter (
  id             uuid PRIMARY KEY,
  consumer_group text NOT NULL,
  topic          text NOT NULL,
  partition      smallint NOT NULL,
  record_id      uuid NOT NULL,
  key            text NOT NULL,
  type           text NOT NULL,
  payload        text NOT NULL,
  received_at    timestamptz NOT NULL,
  reason         text NOT NULL,
  attempts       int  NOT NULL,
  parked_at      timestamptz NOT NULL,
  resolution     text CHECK (resolution IN ('replayed', 'discarded')),
  resolved_at    timestamptz
);
CREATE INDEX dead_letter_open ON dead_letter (parked_at) WHERE resolution IS NULL;

-- Deliveries that carry an identity, as far as the accepting side can be asked.
CREATE TABLE delivery (
  id bytea PRIMARY KEY,
  at timestamptz NOT NULL
);
CREATE INDEX delivery_at ON delivery (at);

-- The consumer's own memory of what it applied: a record id has its effect once per group.
CREATE TABLE inbox (
  consumer_group text NOT NULL,
  record_id      uuid NOT NULL,
  at             timestamptz NOT NULL,
  PRIMARY KEY (consumer_group, record_id)
);
CREATE INDEX inbox_at ON inbox (at);

-- The change feed ------------------------------------------------------------------------------------------------

-- Readers order by (xid, seq) and read only xid < pg_snapshot_xmin(pg_current_snapshot()): no gap, nothing twice.
CREATE TABLE feed (
  xid      xid8   NOT NULL DEFAULT pg_current_xact_id(),
  seq      bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  at       timestamptz NOT NULL,
  entity   text   NOT NULL,
  op       text   NOT NULL CHECK (op IN ('put', 'delete', 'reset')),
  id       uuid   NOT NULL,
  version  bigint NOT NULL,
  body     text,
  -- Teams that may see it; null is everyone.
  audience uuid[],
  -- Only this user; for personal things and for a reset after his teams changed.
  user_id  uuid,
  PRIMARY KEY (xid, seq)
);
CREATE INDEX feed_at ON feed (at);
CREATE INDEX feed_id ON feed (id);

-- Up to here rows were cleaned away: a reader who stopped before it has to start over.
CREATE TABLE feed_floor (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  xid      xid8   NOT NULL,
  seq      bigint NOT NULL
);
INSERT INTO feed_floor (xid, seq) VALUES ('0', 0);

-- People and access ----------------------------------------------------------------------------------------------

CREATE TABLE user_account (
  id            uuid PRIMARY KEY,
  version       bigint NOT NULL DEFAULT 1,
  login         text NOT NULL UNIQUE,
  name          text NOT NULL,
  role          text NOT NULL CHECK (role IN ('viewer', 'responder', 'manager', 'admin')),
  password_hash text,
  disabled      boolean NOT NULL DEFAULT false,
  created_at    timestamptz NOT NULL
);

CREATE TABLE team (
  id      uuid PRIMARY KEY,
  version bigint NOT NULL DEFAULT 1,
  name    text NOT NULL UNIQUE
);

CREATE TABLE team_member (
  team_id uuid NOT NULL REFERENCES team ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_member_user ON team_member (user_id);

-- One row a sign-in. A refresh token is used once; a second use of an old one revokes the session. Tokens carry a MAC
-- over session and place, so none is stored, not even as a hash.
CREATE TABLE session (
  id                uuid PRIMARY KEY,
  user_id           uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  -- Which token in the row of tokens is the newest.
  place             int NOT NULL DEFAULT 0,
  rotated_at        timestamptz NOT NULL,
  created_at        timestamptz NOT NULL,
  expires_at        timestamptz NOT NULL,
  revoked_at        timestamptz,
  revoked_reason    text,
  client            text NOT NULL CHECK (client IN ('browser', 'desktop')),
  -- Opened by a one-time link, whose holder may set a password without the old one.
  by_link           boolean NOT NULL DEFAULT false
);
CREATE INDEX session_account ON session (user_id);

CREATE TABLE api_key (
  id           uuid PRIMARY KEY,
  name         text NOT NULL,
  key_hash     bytea NOT NULL UNIQUE,
  hint         text NOT NULL,
  user_id      uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  role         text NOT NULL CHECK (role IN ('viewer', 'responder', 'manager', 'admin')),
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz
);

CREATE TABLE login_link (
  token_hash bytea PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);

CREATE TABLE signing_key (
  id          text PRIMARY KEY,
  private_jwk text NOT NULL,
  created_at  timestamptz NOT NULL
);

CREATE TABLE setting (
  name       text PRIMARY KEY,
  value      jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by uuid
);

-- Integrations ---------------------------------------------------------------------------------------------------

CREATE TABLE integration (
  id             uuid PRIMARY KEY,
  version        bigint NOT NULL DEFAULT 1,
  name           text NOT NULL,
  kind           text NOT NULL,
  enabled        boolean NOT NULL DEFAULT true,
  key_hash       bytea NOT NULL UNIQUE,
  key_hint       text NOT NULL,
  mapping        jsonb,
  created_at     timestamptz NOT NULL,
  last_seen_at   timestamptz,
  accepted_count bigint NOT NULL DEFAULT 0,
  error_count    bigint NOT NULL DEFAULT 0,
  last_error_at  timestamptz,
  last_error     text,
  deleted_at     timestamptz
);

-- Incidents ------------------------------------------------------------------------------------------------------

CREATE TABLE grouping_rule (
  id              uuid PRIMARY KEY,
  version         bigint NOT NULL DEFAULT 1,
  position        int NOT NULL,
  built_in        boolean NOT NULL DEFAULT false,
  name            text NOT NULL,
  enabled         boolean NOT NULL,
  condition       text NOT NULL,
  keys            text[] NOT NULL,
  window_seconds  int NOT NULL,
  minimum_count   int NOT NULL,
  title_template  text NOT NULL,
  severity_map    jsonb NOT NULL,
  resolve_policy  text NOT NULL CHECK (resolve_policy IN ('all', 'first', 'never')),
  reopen_seconds  int NOT NULL,
  updated_at      timestamptz NOT NULL,
  updated_by      uuid
);

CREATE SEQUENCE incident_number;

CREATE TABLE incident (
  id                     uuid PRIMARY KEY,
  version                bigint NOT NULL DEFAULT 1,
  number                 bigint NOT NULL UNIQUE,
  title                  text NOT NULL,
  severity               text NOT NULL CHECK (severity IN ('sev1', 'sev2', 'sev3', 'info')),
  status                 text NOT NULL CHECK (status IN ('triggered', 'acknowledged', 'mitigated', 'resolved')),
  impact                 text,
  rule_id                uuid,
  group_key              text,
  group_reason           text,
  resolve_policy         text NOT NULL DEFAULT 'never',
  reopen_seconds         int  NOT NULL DEFAULT 0,
  declared_by            uuid,
  alert_count            int NOT NULL DEFAULT 0,
  firing_alert_count     int NOT NULL DEFAULT 0,
  services               text[] NOT NULL DEFAULT '{}',
  started_at             timestamptz NOT NULL,
  acknowledged_at        timestamptz,
  acknowledged_by        uuid,
  mitigated_at           timestamptz,
  resolved_at            timestamptz,
  roles                  jsonb NOT NULL DEFAULT '[]',
  links                  jsonb NOT NULL DEFAULT '[]',
  update_cadence_minutes int,
  next_update_due_at     timestamptz,
  last_update            jsonb,
  restricted_to          uuid[],
  merged_into            uuid,
  field_versions         jsonb NOT NULL DEFAULT '{}'
);
-- At most one open incident a group, whatever runs beside whatever.
CREATE UNIQUE INDEX incident_open_group ON incident (group_key) WHERE status <> 'resolved' AND group_key IS NOT NULL;
CREATE INDEX incident_group ON incident (group_key, resolved_at DESC) WHERE group_key IS NOT NULL;
CREATE INDEX incident_started ON incident (started_at DESC, id DESC);
CREATE INDEX incident_status ON incident (status, started_at DESC);
CREATE INDEX incident_resolved ON incident (resolved_at DESC) WHERE resolved_at IS NOT NULL;

CREATE TABLE task (
  id          uuid PRIMARY KEY,
  version     bigint NOT NULL DEFAULT 1,
  incident_id uuid NOT NULL REFERENCES incident,
  title       text NOT NULL,
  owner_id    uuid,
  due_at      timestamptz,
  done_at     timestamptz,
  done_by     uuid,
  created_by  uuid,
  created_at  timestamptz NOT NULL,
  field_versions jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX task_incident ON task (incident_id);

CREATE TABLE timeline_entry (
  id          uuid PRIMARY KEY,
  version     bigint NOT NULL DEFAULT 1,
  incident_id uuid NOT NULL REFERENCES incident,
  at          timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  kind        text NOT NULL,
  source      text NOT NULL,
  actor_id    uuid,
  actor       text NOT NULL,
  text        text NOT NULL,
  detail      text,
  alert_id    uuid,
  starred     boolean NOT NULL DEFAULT false
);
CREATE INDEX timeline_incident ON timeline_entry (incident_id, at, id);

CREATE TABLE postmortem (
  id          uuid PRIMARY KEY,
  version     bigint NOT NULL DEFAULT 1,
  incident_id uuid NOT NULL UNIQUE REFERENCES incident,
  summary     text NOT NULL,
  causes      text NOT NULL,
  went_well   text NOT NULL,
  went_badly  text NOT NULL,
  follow_ups  jsonb NOT NULL DEFAULT '[]',
  updated_at  timestamptz NOT NULL,
  updated_by  uuid
);

-- What an intent answered the first time is what it answers every time.
CREATE TABLE intent (
  id         uuid PRIMARY KEY,
  user_id    uuid NOT NULL,
  kind       text NOT NULL,
  result     jsonb NOT NULL,
  applied_at timestamptz NOT NULL
);
CREATE INDEX intent_applied_at ON intent (applied_at);

CREATE TABLE change_event (
  id             uuid PRIMARY KEY,
  version        bigint NOT NULL DEFAULT 1,
  at             timestamptz NOT NULL,
  title          text NOT NULL,
  service        text,
  source         text NOT NULL,
  integration_id uuid NOT NULL,
  links          jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX change_event_at ON change_event (at DESC);

-- Alerts ---------------------------------------------------------------------------------------------------------

CREATE TABLE alert (
  id              uuid PRIMARY KEY,
  version         bigint NOT NULL DEFAULT 1,
  integration_id  uuid NOT NULL,
  dedup_key       text NOT NULL,
  fingerprint     text NOT NULL,
  status          text NOT NULL CHECK (status IN ('firing', 'resolved')),
  acknowledged_by uuid,
  acknowledged_at timestamptz,
  suppressed_by   uuid,
  flapping        boolean NOT NULL DEFAULT false,
  severity        text NOT NULL CHECK (severity IN ('sev1', 'sev2', 'sev3', 'info')),
  source          text NOT NULL,
  service         text,
  title           text NOT NULL,
  labels          jsonb NOT NULL,
  annotations     jsonb NOT NULL,
  source_url      text,
  runbook_url     text,
  count           int NOT NULL,
  first_seen_at   timestamptz NOT NULL,
  last_seen_at    timestamptz NOT NULL,
  ends_at         timestamptz,
  resolved_at     timestamptz,
  incident_id     uuid REFERENCES incident,
  group_key       text,
  rule_id         uuid,
  group_reason    text,
  -- Set when a person placed it; rules leave it alone from then on.
  placed_by       uuid,
  previous_id     uuid,
  -- Times of the last changes between firing and resolved, carried from one alert of a key to the next.
  transitions     timestamptz[] NOT NULL DEFAULT '{}',
  -- Teams that may see it, those of its incident; null is everyone.
  audience        uuid[]
-- Repeats change no indexed column, so with room on the page they are heap-only updates.
) WITH (fillfactor = 80);
-- One open alert a key, whatever is resent and however concurrently.
CREATE UNIQUE INDEX alert_open_key ON alert (integration_id, dedup_key) WHERE status = 'firing';
-- 'firing' sorts before 'resolved': the first row of a key is its open alert, else its newest.
CREATE INDEX alert_key ON alert (integration_id, dedup_key, status, first_seen_at DESC);
CREATE INDEX alert_incident ON alert (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX alert_waiting ON alert (group_key) WHERE status = 'firing' AND incident_id IS NULL AND group_key IS NOT NULL;
-- Also for what expires: ends_at is in no index, because many sources move it with each repeat.
CREATE INDEX alert_firing ON alert (id) WHERE status = 'firing';
CREATE INDEX alert_suppressed ON alert (suppressed_by) WHERE suppressed_by IS NOT NULL AND status = 'firing';
CREATE INDEX alert_flapping ON alert (id) WHERE flapping;
CREATE INDEX alert_resolved ON alert (resolved_at DESC, id DESC) WHERE status = 'resolved';
CREATE INDEX alert_first_seen ON alert (first_seen_at DESC, id DESC);

CREATE TABLE alert_event (
  id       uuid NOT NULL,
  alert_id uuid NOT NULL,
  at       timestamptz NOT NULL,
  kind     text NOT NULL,
  cause    text NOT NULL,
  actor_id uuid,
  PRIMARY KEY (alert_id, id)
);

CREATE TABLE silence (
  id          uuid PRIMARY KEY,
  version     bigint NOT NULL DEFAULT 1,
  kind        text NOT NULL CHECK (kind IN ('silence', 'maintenance')),
  matcher     text NOT NULL,
  starts_at   timestamptz NOT NULL,
  ends_at     timestamptz NOT NULL,
  reason      text NOT NULL,
  created_by  uuid,
  created_at  timestamptz NOT NULL,
  ended_at    timestamptz,
  -- Timers are rows: what has been done about its start and its end.
  started     boolean NOT NULL DEFAULT false,
  finished    boolean NOT NULL DEFAULT false,
  CHECK (ends_at > starts_at)
);
CREATE INDEX silence_due ON silence (finished, starts_at, ends_at) WHERE NOT finished;

CREATE TABLE saved_view (
  id       uuid PRIMARY KEY,
  version  bigint NOT NULL DEFAULT 1,
  name     text NOT NULL,
  filter   jsonb NOT NULL,
  owner_id uuid NOT NULL,
  shared   boolean NOT NULL
);
