import type { Finding } from '#server/contract/config-document.ts';
import { rich } from '../../language/rich.ts';
import { plural, t } from '../../language/words.ts';
import { Icon } from '../../ui/icon.tsx';
import './config.css';

/** What is wrong with a document, errors first. They stay until they are mended. */
export function FindingList({ findings, label = t`Findings` }: { findings: readonly Finding[]; label?: string }) {
  if (findings.length === 0) return null;
  return (
    <ul className="findings" aria-label={label}>
      {findings
        .toSorted((a, b) => Number(b.level === 'error') - Number(a.level === 'error'))
        .map((finding) => (
          <li key={`${finding.code} ${finding.text}`} className={finding.level}>
            <Icon name={finding.level === 'error' ? 'refused' : 'incidents'} small />
            <span>{finding.level === 'error' ? rich`${<b>{t`Not valid:`}</b>} ${finding.text}` : finding.text}</span>
          </li>
        ))}
    </ul>
  );
}

export function FindingCount({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <span className="chip outlined finding-count" title={findings.map(({ text }) => text).join('\n')}>
      <Icon name="incidents" />
      {t`${plural(findings.length, { one: '1 warning', other: '# warnings' })}`}
    </span>
  );
}
