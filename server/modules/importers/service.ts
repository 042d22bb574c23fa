// From an export of another pager to a plan: the same plan, checks and apply as for a YAML file.
import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { CheckedBy } from '#server/contract/channel.ts';
import type { ImportPlan } from '#server/contract/config.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { ConfigFileInput } from '#server/modules/config/as-code/format.ts';
import type { ConfigService } from '#server/modules/config/service.ts';
import { keepMethods } from '#server/modules/importers/keep-methods.ts';
import type { Imported, ImportWorld, Unmapped } from '#server/modules/importers/draft.ts';
import { GoAlertExport, importGoAlert } from '#server/modules/importers/sources/goalert.ts';
import { GrafanaOnCallExport, importGrafanaOnCall } from '#server/modules/importers/sources/grafana-oncall.ts';
import { importOpsgenie, OpsgenieExport } from '#server/modules/importers/sources/opsgenie.ts';
import { importPagerDuty, PagerDutyExport } from '#server/modules/importers/sources/pagerduty.ts';
import type { Clock } from '#server/ports/clock.ts';

export const importSources = ['pagerduty', 'opsgenie', 'grafana-oncall', 'goalert'] as const;
export type ImportSource = (typeof importSources)[number];

export interface Importers {
  plan(actor: Actor, source: ImportSource, data: unknown): Promise<ImportPlan>;
  apply(actor: Actor, source: ImportSource, data: unknown, basis: string | null): Promise<ImportPlan>;
}

interface Reader<T> {
  schema: z.ZodType<T>;
  read(data: T, world: ImportWorld): Imported;
}
const readers = {
  pagerduty: reader({ schema: PagerDutyExport, read: importPagerDuty }),
  opsgenie: reader({ schema: OpsgenieExport, read: importOpsgenie }),
  'grafana-oncall': reader({ schema: GrafanaOnCallExport, read: importGrafanaOnCall }),
  goalert: reader({ schema: GoAlertExport, read: importGoAlert }),
} satisfies Record<ImportSource, unknown>;

/** Nobody has tried an export of a live account of any of them. docs/migrate.md says the same. */
const checked: Record<ImportSource, CheckedBy> = {
  pagerduty: {
    what: 'official-sdk',
    note:
      'Fields are those of the models in PagerDuty’s go-pagerduty 1.8.0, read on 2026-11-21; the order of layers was read in ' +
      'the source of its Terraform provider. Unverified: round robin of escalation rules, which these models do not have.',
  },
  opsgenie: {
    what: 'official-sdk',
    note:
      'Fields are those of the models in opsgenie-go-sdk-v2 1.2.23, read on 2026-11-21. Unverified: the escalation of a ' +
      'service, which these models do not have, and what overlapping rotations mean, which is from third-party text.',
  },
  'grafana-oncall': {
    what: 'official-sdk',
    note:
      'Fields are those of the models in Grafana’s amixr-api-go-client 0.0.33, read on 2026-11-21; what they mean is from ' +
      'excerpts of the published reference. Unverified: name and time zone of a user, which these models do not have.',
  },
  goalert: {
    what: 'published-schema',
    note: 'Fields are those of its published GraphQL schema, which was read. No server of it was asked.',
  },
};

export function createImporters(deps: {
  config: Pick<ConfigService, 'plan' | 'apply' | 'exportYaml'>;
  database: SqlReader;
  readPeople(sql: SqlReader): Promise<{ users: ReadonlyMap<string, { login: string }> }>;
  clock: Pick<Clock, 'now'>;
}): Importers {
  async function request(source: ImportSource, data: unknown) {
    const { users } = await deps.readPeople(deps.database);
    const logins = new Set([...users.values()].map((user) => user.login));
    const { file, unmapped } = readers[source](data, { logins, at: deps.clock.now() });
    const before = parse(await deps.config.exportYaml()) as ConfigFileInput | null;
    unmapped.push(...keepMethods(file, before?.people ?? {}));
    const yaml = stringify(file, { lineWidth: 120, aliasDuplicateObjects: false });
    return { unmapped: once(unmapped), yaml, request: { yaml, prune: false, secrets: {}, imported: file } };
  }
  return {
    async plan(actor, source, data) {
      const made = await request(source, data);
      return {
        ...(await deps.config.plan(actor, made.request)),
        unmapped: made.unmapped,
        yaml: made.yaml,
        checkedBy: checked[source],
      };
    },
    async apply(actor, source, data, basis) {
      const made = await request(source, data);
      return {
        ...(await deps.config.apply(actor, { ...made.request, basis })),
        unmapped: made.unmapped,
        yaml: made.yaml,
        checkedBy: checked[source],
      };
    },
  };
}

function reader<T>({ schema, read }: Reader<T>): (data: unknown, world: ImportWorld) => Imported {
  return (data, world) => {
    const checked = schema.safeParse(data);
    if (checked.success) return read(checked.data, world);
    const shown = checked.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
    throw new AppError(
      'invalid',
      `This is not the export that was expected. ${shown.join('; ')}. docs/migrate.md says how to make one.`,
    );
  };
}

function once(unmapped: readonly Unmapped[]): Unmapped[] {
  return [...new Map(unmapped.map((each) => [`${each.what}\n${each.why}`, each])).values()];
}
