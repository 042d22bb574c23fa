-- Room chat, and its mirror in the channel that a provider keeps for the incident.

CREATE TABLE chat_message (
  id           uuid PRIMARY KEY,
  version      bigint NOT NULL DEFAULT 1,
  incident_id  uuid NOT NULL REFERENCES incident,
  at           timestamptz NOT NULL,
  recorded_at  timestamptz NOT NULL,
  source       text NOT NULL CHECK (source IN ('person', 'slack')),
  author_id    uuid,
  author       text NOT NULL,
  text         text NOT NULL,
  mentions     uuid[] NOT NULL DEFAULT '{}',
  reply_to     uuid,
  edited_at    timestamptz,
  deleted_at   timestamptz,
  entry_id     uuid,
  task_id      uuid,
  mirror       text NOT NULL DEFAULT 'none' CHECK (mirror IN ('none', 'waiting', 'sent', 'failed')),
  -- The version at which the text last changed: what an edit from an older copy is held against.
  text_version bigint NOT NULL DEFAULT 1
);
CREATE INDEX chat_message_incident ON chat_message (incident_id, at DESC, id DESC);

-- The channel of an incident at a provider, one for each channel of ours that opens one.
CREATE TABLE incident_room (
  incident_id uuid NOT NULL REFERENCES incident,
  channel_id  uuid NOT NULL,
  room        text NOT NULL,
  -- Whether what was said before it was opened has been sent on its way there.
  caught_up   boolean NOT NULL DEFAULT false,
  PRIMARY KEY (incident_id, channel_id)
);
CREATE UNIQUE INDEX incident_room_place ON incident_room (channel_id, room);
CREATE INDEX incident_room_behind ON incident_room (incident_id) WHERE NOT caught_up;

-- Until now a room was only named in the reference of the message that stands in it: C…:ts|C…:ts.
INSERT INTO incident_room (incident_id, channel_id, room, caught_up)
SELECT m.incident_id, m.channel_id, split_part(split_part(m.provider_ref, '|', 2), ':', 1), true
FROM channel_message m JOIN incident i ON i.id = m.incident_id
WHERE m.provider_ref ~ '^[CDG][A-Z0-9]+:[0-9.]+\|[CG][A-Z0-9]+:[0-9.]+$'
ON CONFLICT DO NOTHING;

-- A message in such a room: ours that is sent, changed or taken away there, or theirs that was brought here.
CREATE TABLE chat_mirror (
  message_id    uuid NOT NULL REFERENCES chat_message,
  channel_id    uuid NOT NULL,
  room          text NOT NULL,
  -- When the message was said: sent in this order, room by room.
  said_at       timestamptz NOT NULL,
  state         text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  queued_at     timestamptz NOT NULL,
  due_at        timestamptz NOT NULL,
  attempts      int NOT NULL DEFAULT 0,
  -- Attempts that ended without a word on whether the message is there.
  unknown       int NOT NULL DEFAULT 0,
  claim_token   uuid,
  claimed_until timestamptz,
  -- Where it stands there, and the beginning of its thread.
  provider_ts   text,
  thread_ts     text,
  error         text,
  PRIMARY KEY (message_id, channel_id)
);
CREATE UNIQUE INDEX chat_mirror_there ON chat_mirror (channel_id, room, provider_ts) WHERE provider_ts IS NOT NULL;
CREATE INDEX chat_mirror_waiting ON chat_mirror (channel_id, room, said_at, message_id) WHERE state = 'waiting';
