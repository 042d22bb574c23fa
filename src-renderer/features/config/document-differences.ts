// Which fields two versions of a document differ in, in words. Pure.
import { ConfigDraft } from '#server/contract/config.ts';
import { listText, t } from '../../language/words.ts';
import { textOf } from './editor-form.ts';

const fieldWords: Readonly<Record<string, string>> = {
  name: t`name`,
  enabled: t`on or off`,
  description: t`description`,
  teamId: t`team`,
  timeZone: t`time zone`,
  layers: t`layers`,
  steps: t`steps`,
  repeat: t`repeats`,
  acknowledgementsNeeded: t`acknowledgements needed`,
  workingHours: t`working hours`,
  pageAgain: t`paging again`,
  condition: t`condition`,
  policyId: t`policy`,
  priority: t`priority`,
  channelIds: t`channels`,
  service: t`service`,
  holdSeconds: t`wait before the first page`,
  cause: t`cause`,
  symptom: t`symptom`,
  equal: t`what has to be equal`,
  severity: t`severity`,
  intervalSeconds: t`interval`,
  graceSeconds: t`grace`,
  labels: t`labels`,
  settings: t`settings`,
  contactMethods: t`ways`,
  rules: t`rules`,
  quietHours: t`quiet hours`,
  doNotDisturb: t`do not disturb`,
  channelId: t`channel`,
  userIds: t`people`,
  addresses: t`addresses`,
};

/** "name and condition"; null where nothing that a person can see differs. */
export function differenceWords(mine: ConfigDraft, current: unknown): string | null {
  const theirs = ConfigDraft.safeParse({ kind: mine.kind, draft: current });
  if (!theirs.success) return null;
  const there: Readonly<Record<string, unknown>> = { ...theirs.data.draft };
  const differing = Object.entries(mine.draft).filter(
    ([field, value]) => fieldWords[field] !== undefined && textOf(value) !== textOf(there[field]),
  );
  return differing.length === 0 ? null : listText(differing.map(([field]) => fieldWords[field] ?? field));
}
