import { AskedAge, AskedBody, useAsked } from '../../api/asked.tsx';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useNameOf } from '../../session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import './as-code.css';
import { FilePanel } from './file-panel.tsx';
import { ImportPanel } from './import-panel.tsx';
import { ChangeList } from './plan-view.tsx';
import { shownChanges } from './plan-words.ts';
import { ShadowPanel } from './shadow-panel.tsx';

const sections = [
  { id: 'drift', label: 'Drift', Body: DriftPanel },
  { id: 'file', label: 'Plan and apply', Body: FilePanel },
  { id: 'import', label: 'Move in', Body: ImportPanel },
  { id: 'shadow', label: 'Shadow mode', Body: ShadowPanel },
] as const;

/** Everything about paging as a file, and the ways over from another pager. */
export function AsCodeScreen({ params }: ScreenProps) {
  const current = sections.find(({ id }) => id === params['section']) ?? sections[0];
  const { Body } = current;
  return (
    <div className="as-code">
      <header className="as-code-head row wrap">
        <h1 className="title">As code</h1>
        <nav className="segmented routing-tabs" aria-label="As code">
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
      </header>
      <Body />
    </div>
  );
}

/** What was changed by hand since the last apply. */
function DriftPanel() {
  const nameOf = useNameOf();
  const asked = useAsked(['drift'], (api) => api.config.drift.query({}), { goodForMs: 5_000 });
  return (
    <section aria-label="Drift" className="stack as-code-section">
      <div className="row">
        <p className="muted grow">What differs here from the file that was applied last.</p>
        <AskedAge asked={asked} />
      </div>
      <AskedBody asked={asked} what="The drift could not be worked out">
        {(drift) => {
          if (drift.at === null)
            return (
              <Empty
                title="No file was applied yet"
                actions={
                  <a className="button" href={paths.asCode('file')}>
                    Plan and apply
                  </a>
                }
              >
                Export what is here as YAML, keep it under version control, and apply it from there: then every change
                by hand shows up on this screen.
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
                      ? 'Nothing differs.'
                      : changed === 1
                        ? 'One document differs.'
                        : `${changed} documents differ.`}
                  </b>{' '}
                  <span className="muted">
                    Applied {drift.at.slice(0, 10)} <Time at={drift.at} zone /> by {nameOf(drift.by)}.
                    {changed === 0 ? null : ' Minus is what is here, plus is what the file says.'}
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
