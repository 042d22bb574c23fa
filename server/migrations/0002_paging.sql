-- What is configured about paging --------------------------------------------------------------------------------

-- Schedules, policies, routes, channels, profiles …: one row a document, of the kinds in contract/config.ts.
CREATE TABLE config_document (
  kind         text   NOT NULL,
  id           uuid   NOT NULL,
  -- Counts every change; body_version is the one at which the draft last changed: an older copy conflicts with it.
  version      bigint NOT NULL,
  body_version bigint NOT NULL,
  -- The newest one in config_version: a beat or a sent message counts up `version` alone.
  history_version bigint NOT NULL,
  body         jsonb  NOT NULL,
  -- What the server keeps beside the draft: order, verifications, the last beat.
  state        jsonb  NOT NULL DEFAULT '{}',
  findings     jsonb  NOT NULL DEFAULT '[]',
  origin       text   NOT NULL CHECK (origin IN ('ui', 'yaml', 'import')),
  updated_at   timestamptz NOT NULL,
  updated_by   uuid,
  PRIMARY KEY (kind, id)
);

-- Every draft that was ever in force, so that the ledger can be replayed. A null body is the deletion.
CREATE TABLE config_version (
  kind    text   NOT NULL,
  id      uuid   NOT NULL,
  version bigint NOT NULL,
  body    jsonb,
  state   jsonb,
  at      timestamptz NOT NULL,
  by      uuid,
  origin  text   NOT NULL,
  -- Of the whole configuration, after this change: "all routes at revision 41" are the last versions up to it.
  revision bigint NOT NULL,
  PRIMARY KEY (kind, id, version)
);
CREATE INDEX config_version_revision ON config_version (kind, revision);
CREATE INDEX config_version_at ON config_version (at);

-- Its lock lets one change of the configuration in at a time; its number says whether a cached copy is still right.
CREATE TABLE config_revision (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  revision bigint NOT NULL
);
INSERT INTO config_revision (revision) VALUES (1);

-- Secrets of channels and monitors, sealed with a key that is not in the database (docs/channels.md).
CREATE TABLE secret (
  owner_kind text  NOT NULL,
  owner_id   uuid  NOT NULL,
  name       text  NOT NULL,
  key_id     text  NOT NULL,
  sealed     bytea NOT NULL,
  PRIMARY KEY (owner_kind, owner_id, name)
);

-- What was applied from YAML, to tell drift from it.
CREATE TABLE config_applied (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  yaml     text NOT NULL,
  at       timestamptz NOT NULL,
  by       uuid
);

-- Codes that prove that an address is its owner's.
CREATE TABLE contact_verification (
  user_id    uuid NOT NULL,
  method_id  uuid NOT NULL,
  -- What the code was sent to; another address needs another code.
  address    text NOT NULL,
  code_hash  bytea NOT NULL,
  attempts   int  NOT NULL DEFAULT 0,
  sent_at    timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, method_id)
);

-- Calendars of others that schedules read, as they last answered.
CREATE TABLE calendar_copy (
  url_hash   text PRIMARY KEY,
  url        text NOT NULL,
  body       text,
  etag       text,
  fetched_at timestamptz,
  error      text,
  error_at   timestamptz
);

CREATE TABLE roster (
  id      uuid PRIMARY KEY,
  version bigint NOT NULL,
  body    jsonb  NOT NULL,
  worked_out_at timestamptz NOT NULL
);

-- Addresses of calendar feeds, each of one person or of one schedule.
CREATE TABLE calendar_feed (
  token_hash  bytea PRIMARY KEY,
  schedule_id uuid,
  user_id     uuid NOT NULL,
  created_at  timestamptz NOT NULL,
  last_used_at timestamptz
);

-- Heartbeats ------------------------------------------------------------------------------------------------------

CREATE TABLE monitor_key (
  monitor_id uuid PRIMARY KEY,
  key_hash   bytea NOT NULL UNIQUE
);

CREATE TABLE monitor_beat (
  monitor_id   uuid PRIMARY KEY,
  last_beat_at timestamptz,
  -- When silence becomes an alert; null while nothing is expected.
  due_at       timestamptz,
  missed       boolean NOT NULL DEFAULT false,
  -- Counts the changes of missed, and which of them the event log was told last.
  turn         int NOT NULL DEFAULT 0,
  told         int NOT NULL DEFAULT 0
);
CREATE INDEX monitor_beat_due ON monitor_beat (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX monitor_beat_untold ON monitor_beat (monitor_id) WHERE told <> turn;

-- When monitors were last watched over: a gap is time in which a beat could not arrive.
CREATE TABLE monitor_watch (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  at       timestamptz NOT NULL
);

-- Escalation ------------------------------------------------------------------------------------------------------

-- Paging of one incident. next_at is the timer: a row is looked at when it is due or when its incident changed.
CREATE TABLE escalation (
  id                 uuid PRIMARY KEY REFERENCES incident,
  version            bigint NOT NULL,
  run                int    NOT NULL,
  status             text   NOT NULL CHECK (status IN ('waiting', 'held', 'stopped', 'exhausted', 'nobody')),
  reason             text   NOT NULL,
  route_id           uuid,
  policy_id          uuid,
  policy_version     bigint,
  priority           text   NOT NULL CHECK (priority IN ('important', 'default')),
  step               int    NOT NULL,
  -- The step that comes next by its id, so that an edit of the policy does not lose the place.
  step_id            uuid,
  step_count         int    NOT NULL,
  loop               int    NOT NULL,
  next_at            timestamptz,
  acknowledged_by    uuid[] NOT NULL DEFAULT '{}',
  acknowledgements_needed int NOT NULL,
  -- The incident as it was when last looked at, to see what changed.
  seen               jsonb  NOT NULL,
  -- Set with every save of the incident; the worker clears it.
  changed            boolean NOT NULL,
  -- Written down when a person asks for the next step, or for somebody, by hand.
  forced             jsonb,
  -- The run in which the administrators were paged instead: once is enough.
  fallback_run       int,
  audience           uuid[]
);
CREATE INDEX escalation_due ON escalation (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX escalation_changed ON escalation (id) WHERE changed;
CREATE INDEX escalation_held ON escalation (id) WHERE status = 'held';

-- Each step fires once. Without this key two servers, or a zombie, could page twice.
CREATE TABLE escalation_step (
  incident_id    uuid   NOT NULL,
  run            int    NOT NULL,
  policy_version bigint NOT NULL,
  step_id        uuid   NOT NULL,
  loop           int    NOT NULL,
  due_at         timestamptz NOT NULL,
  fired_at       timestamptz NOT NULL,
  PRIMARY KEY (incident_id, run, policy_version, step_id, loop)
);
CREATE INDEX escalation_step_fired ON escalation_step (fired_at);

-- By how many milliseconds due times were moved in all because the clock was set: several servers see a step, one moves.
CREATE TABLE paging_clock (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  moved_ms bigint NOT NULL
);
INSERT INTO paging_clock (moved_ms) VALUES (0);

-- Whose turn it is in a round-robin step.
CREATE TABLE round_robin (
  policy_id uuid NOT NULL,
  step_id   uuid NOT NULL,
  next      bigint NOT NULL,
  PRIMARY KEY (policy_id, step_id)
);

CREATE SEQUENCE page_number;

CREATE TABLE page (
  id          uuid PRIMARY KEY,
  version     bigint NOT NULL,
  number      bigint NOT NULL UNIQUE,
  incident_id uuid NOT NULL REFERENCES incident,
  user_id     uuid,
  channel_id  uuid,
  policy_id   uuid,
  run         int  NOT NULL,
  step        int  NOT NULL,
  loop        int  NOT NULL,
  priority    text NOT NULL,
  reason      text NOT NULL,
  at          timestamptz NOT NULL,
  late        boolean NOT NULL,
  status      text NOT NULL CHECK (status IN ('open', 'acknowledged', 'stopped')),
  ended_at    timestamptz,
  ended_by    text,
  audience    uuid[],
  -- What a reply or a keypress names; made unique among the person's open pages, of which two may slip in at once.
  reply_code  text
);
CREATE INDEX page_incident ON page (incident_id);
CREATE INDEX page_reply_code ON page (user_id, reply_code) WHERE status = 'open' AND reply_code IS NOT NULL;
CREATE INDEX page_user ON page (user_id, at DESC) WHERE user_id IS NOT NULL;
CREATE INDEX page_at ON page (at DESC);

-- The intent to send, written before anything leaves. Its id is the provider's idempotency key.
CREATE TABLE notification (
  id            uuid PRIMARY KEY,
  -- No foreign key: it is written with its page in one transaction, by the thousand.
  page_id       uuid NOT NULL,
  incident_id   uuid NOT NULL,
  user_id       uuid,
  method_id     uuid,
  channel_id    uuid,
  via           text NOT NULL,
  -- Where it goes, whole; clients get the label.
  address       text NOT NULL,
  label         text NOT NULL,
  priority      text NOT NULL,
  -- Place in the person's rules, for the next one to be pulled forward.
  place         int  NOT NULL,
  planned_at    timestamptz NOT NULL,
  due_at        timestamptz NOT NULL,
  status        text NOT NULL CHECK (status IN ('pending', 'sending', 'sent', 'delivered', 'failed', 'cancelled', 'shadow')),
  attempts      int  NOT NULL DEFAULT 0,
  first_tried_at timestamptz,
  sent_at       timestamptz,
  delivered_at  timestamptz,
  last_error    text,
  provider_ref  text,
  bundled_into  uuid,
  -- Fencing: a claim raises the token, and a result counts only under the token it was claimed with.
  claim_token   bigint NOT NULL DEFAULT 0,
  claimed_by    uuid,
  claimed_until timestamptz
);
CREATE INDEX notification_due ON notification (due_at) WHERE status = 'pending';
-- Each channel is a lane of its own, so that a slow one delays nobody else; the zero id is desktop.
CREATE INDEX notification_lane ON notification
  (coalesce(channel_id, '00000000-0000-0000-0000-000000000000'), priority DESC, due_at)
  WHERE status = 'pending' AND bundled_into IS NULL;
-- What else is due to a person's address; channels are told one message at a time.
CREATE INDEX notification_waiting ON notification (address) WHERE status = 'pending' AND user_id IS NOT NULL;
CREATE INDEX notification_bundle ON notification (bundled_into) WHERE bundled_into IS NOT NULL;
CREATE INDEX notification_left_behind ON notification (bundled_into) WHERE bundled_into IS NOT NULL AND status = 'pending';
CREATE INDEX notification_claimed ON notification (claimed_until) WHERE claimed_until IS NOT NULL;
CREATE INDEX notification_page ON notification (page_id);
CREATE INDEX notification_sent ON notification (address, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX notification_ref ON notification (channel_id, provider_ref) WHERE provider_ref IS NOT NULL;

-- Whose desktop client is connected, and to which server; each server says it again every few seconds.
CREATE TABLE desktop_presence (
  user_id   uuid NOT NULL,
  server_id uuid NOT NULL,
  until     timestamptz NOT NULL,
  PRIMARY KEY (user_id, server_id)
);

-- Messages that stand in a channel and are kept up to date there.
CREATE TABLE channel_message (
  incident_id   uuid NOT NULL,
  channel_id    uuid NOT NULL,
  provider_ref  text NOT NULL,
  -- What was last shown, as a hash: the same again is not sent.
  shown         text NOT NULL,
  stale         boolean NOT NULL DEFAULT false,
  due_at        timestamptz NOT NULL,
  attempts      int  NOT NULL DEFAULT 0,
  PRIMARY KEY (incident_id, channel_id)
);
CREATE INDEX channel_message_due ON channel_message (due_at) WHERE stale;

-- The ledger ------------------------------------------------------------------------------------------------------

CREATE TABLE ledger_entry (
  sequence    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          uuid NOT NULL,
  at          timestamptz NOT NULL,
  incident_id uuid NOT NULL,
  page_id     uuid,
  user_id     uuid,
  kind        text NOT NULL,
  title       text NOT NULL,
  detail      text NOT NULL,
  -- As canonical JSON text, not jsonb: replay compares it bit for bit.
  input       text NOT NULL,
  output      text NOT NULL
);
CREATE INDEX ledger_incident ON ledger_entry (incident_id, sequence);
-- Entries come in the order of time, and many: one small index on blocks finds a minute as well.
CREATE INDEX ledger_at ON ledger_entry USING brin (at);

-- Links that let their holder act on one incident without signing in. The token itself is signed, not stored.
CREATE TABLE page_link (
  id          uuid PRIMARY KEY,
  incident_id uuid NOT NULL,
  user_id     uuid NOT NULL,
  page_id     uuid,
  short_hash  bytea UNIQUE,
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz
);
CREATE INDEX page_link_expires ON page_link (expires_at);

-- Deliveries from providers (button presses, replies, receipts) that were taken before.
CREATE TABLE callback_seen (
  channel_id uuid NOT NULL,
  delivery   text NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (channel_id, delivery)
);
CREATE INDEX callback_seen_at ON callback_seen (at);

-- Shadow mode: what the other pager did ----------------------------------------------------------------------------

CREATE TABLE shadow_page (
  id       uuid PRIMARY KEY,
  source   text NOT NULL,
  external_id text NOT NULL,
  at       timestamptz NOT NULL,
  ended_at timestamptz,
  -- As the other pager names the person, and who that is here; null when nobody was found.
  person   text NOT NULL,
  user_id  uuid,
  about    text NOT NULL,
  UNIQUE (source, external_id, person)
);
CREATE INDEX shadow_page_at ON shadow_page (at);

-- Watchdog ---------------------------------------------------------------------------------------------------------

-- One row a server: its auditor's last look.
CREATE TABLE audit_look (
  server_id  uuid PRIMARY KEY,
  at         timestamptz NOT NULL,
  overdue    int  NOT NULL,
  oldest_due timestamptz,
  dead_man_at timestamptz,
  dead_man_error text
);
