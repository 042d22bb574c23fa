-- The catalog of services, the services of alerts, and groups that topology joined to an incident of another group.

CREATE TABLE service (
  id            uuid PRIMARY KEY,
  version       bigint NOT NULL DEFAULT 1,
  -- The version that changed more than its place on the map.
  draft_version bigint NOT NULL DEFAULT 1,
  -- Its name in lower case: two services cannot differ by case alone.
  key           text NOT NULL UNIQUE,
  draft         jsonb NOT NULL,
  pin           jsonb,
  source        text NOT NULL CHECK (source IN ('hand', 'catalog', 'backstage')),
  updated_by    uuid,
  updated_at    timestamptz NOT NULL
);

-- One row, which editors lock: its number tells each server when its copy of the catalog is an old one.
CREATE TABLE catalog_state (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  revision bigint NOT NULL
);
INSERT INTO catalog_state (revision) VALUES (0);

ALTER TABLE alert ADD COLUMN service_id uuid;
-- The firing neighbours of a service, wherever they were grouped. Repeats do not change it.
CREATE INDEX alert_service ON alert (service_id)
  WHERE status = 'firing' AND service_id IS NOT NULL AND incident_id IS NOT NULL;

ALTER TABLE grouping_rule ADD COLUMN topology jsonb;
UPDATE grouping_rule SET topology = '{"hops": 2}' WHERE built_in;

-- A group that joined the incident of another one: its later alerts go there too.
CREATE TABLE incident_group_key (
  group_key   text NOT NULL,
  incident_id uuid NOT NULL REFERENCES incident ON DELETE CASCADE,
  PRIMARY KEY (group_key, incident_id)
);
CREATE INDEX incident_group_key_incident ON incident_group_key (incident_id);
