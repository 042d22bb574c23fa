import type { Finding } from '#server/contract/config-document.ts';
import type { ConfigCheck } from '#server/modules/config/state.ts';

const labelsMax = 100;

/** What is wrong with a monitor before it is saved. */
export const checkMonitor: ConfigCheck<'monitor'> = (draft, world) => {
  const findings: Finding[] = [];
  const add = (level: Finding['level'], code: string, text: string) =>
    findings.push({ level, code, text, from: null, to: null });
  const names = Object.keys(draft.labels);
  if (names.length > labelsMax)
    add('error', 'too-many-labels', `It has ${names.length} labels; ${labelsMax} are allowed. Take some away.`);
  if (names.some((name) => name.trim() === ''))
    add('error', 'empty-label', 'A label has no name. Name it or take it away.');
  const same = world.config
    .list('monitor')
    .items.find((other) => other.id !== world.id && other.draft.name.toLowerCase() === draft.name.toLowerCase());
  if (same !== undefined)
    add('warning', 'same-name', `Another heartbeat is called “${same.draft.name}” too; their alerts look alike.`);
  if (draft.graceSeconds < 5)
    add(
      'warning',
      'tight',
      `A call that comes ${draft.graceSeconds === 0 ? 'a moment' : `${draft.graceSeconds} s`} late fires an alert. Give it some grace.`,
    );
  if (draft.severity === 'info')
    add(
      'warning',
      'info',
      'Its alert is of severity info, which most routes page nobody for. Choose a higher one if its silence matters.',
    );
  return findings;
};
