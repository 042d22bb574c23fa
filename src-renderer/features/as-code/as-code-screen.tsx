import { AskedAge, AskedBody, useAsked } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { plural, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useNameOf } from '../../session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { Time } from '../../ui/time.tsx';
import './as-code.css';
import { FilePanel } from './file-panel.tsx';
import { ImportPanel } from './import-panel.tsx';
import { ChangeList } from './plan-view.tsx';
import { shownChanges } from './plan-words.ts';
import { ShadowPanel } from './shadow-panel.tsx';

const sections = [
  { id: 'drift', label: t`Drift`, Body: DriftPanel },
  { id: 'file', label: t`Plan and apply`, Body: FilePanel },
  { id: 'import', label: t`Move in`, Body: ImportPanel },
  { id: 'shadow', label: t`Shadow mode`, Body: ShadowPanel },
] as const;

/** Everything about paging as a file, and the ways over from another pager. */
export function AsCodeScreen({ params }: ScreenProps) {
  const current = sections.find(({ id }) => id === params['section']) ?? sections[0];
  const { Body } = current;
  return (
    <div className="as-code">
      <ScreenHead
        title={t`As code`}
        beside={
          <nav className="segmented routing-tabs" aria-label={t`As code`}>
            {sections.map(({ id, label }) => (
              <a
                key={id}
                href={paths.asCode(id)}
                aria-current={id === current.id ? 'page' : undefined}
                {...(id === current.id ? { 'data-selected': true } : {})}
              >
                {label}
              </a>
            ))}
          </nav>
        }
      />
      <Body />
    </div>
  );
}

/** What was changed by hand since the last apply. */
function DriftPanel() {
  const nameOf = useNameOf();
  const asked = useAsked(['drift'], (api) => api.config.drift.query({}), { goodForMs: 5_000 });
  return (
    <section aria-label={t`Drift`} className="stack as-code-section">
      <div className="row">
        <p className="muted grow">{t`What differs here from the file that was applied last.`}</p>
        <AskedAge asked={asked} />
      </div>
      <AskedBody asked={asked} what={t`The drift could not be worked out`}>
        {(drift) => {
          if (drift.at === null)
            return (
              <Empty
                title={t`No file was applied yet`}
                actions={
                  <a className="button" href={paths.asCode('file')}>
                    {t`Plan and apply`}
                  </a>
                }
              >
                {t`Export what is here as YAML, keep it under version control, and apply it from there: then every change by hand shows up on this screen.`}
              </Empty>
            );
          const changed = shownChanges(drift.changes).length;
          return (
            <>
              <p className="drift-answer row">
                <Icon name={changed === 0 && drift.errors.length === 0 ? 'check' : 'change'} />
                <span>
                  <b className="medium">
                    {changed === 0
                      ? t`Nothing differs.`
                      : t`${plural(changed, { one: 'One document differs.', other: '# documents differ.' })}`}
                  </b>{' '}
                  <span className="muted">
                    {rich`Applied ${drift.at.slice(0, 10)} ${<Time at={drift.at} zone />} by ${nameOf(drift.by)}.`}
                    {changed === 0 ? null : ` ${t`Minus is what is here, plus is what the file says.`}`}
                  </span>
                </span>
              </p>
              {drift.errors.map(({ path, reason }) => (
                <p key={path} className="small-text">
                  <span className="mono">{path}</span>: {reason}
                </p>
              ))}
              <ChangeList changes={drift.changes} />
            </>
          );
        }}
      </AskedBody>
    </section>
  );
}
