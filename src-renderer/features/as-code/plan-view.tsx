import type { ConfigPlan, PlannedChange } from '#server/contract/config.ts';
import { FindingCount, FindingList } from '../config/finding-list.tsx';
import { t } from '../../language/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { kindWords, lineDiff, opWords, planWords, shownChanges } from './plan-words.ts';

/** What an apply would do, as a diff; errors first, because they refuse the whole of it. */
export function PlanView({ plan }: { plan: Pick<ConfigPlan, 'changes' | 'errors' | 'unmapped'> }) {
  return (
    <div className="plan">
      {plan.errors.length === 0 ? null : (
        <ul className="plan-errors" aria-label={t`Errors`}>
          {plan.errors.map(({ path, reason }) => (
            <li key={`${path} ${reason}`}>
              <Icon name="refused" small />
              <span className="wrap-any">
                {path === '' ? null : <span className="mono">{path}: </span>}
                {reason}
              </span>
            </li>
          ))}
        </ul>
      )}
      {plan.errors.length > 0 && plan.changes.length === 0 ? null : <p className="medium">{planWords(plan)}</p>}
      {plan.unmapped.length === 0 ? null : (
        <section aria-label={t`What does not map`}>
          <h3>{t`What cannot be carried over (${plan.unmapped.length})`}</h3>
          <ul className="plan-unmapped">
            {plan.unmapped.map(({ what, why, suggestion }) => (
              <li key={`${what} ${why}`}>
                <span className="medium">{what}</span>
                <span className="muted">{why}</span>
                <span className="small-text">{suggestion}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ChangeList changes={plan.changes} />
    </div>
  );
}

export function ChangeList({ changes }: { changes: readonly PlannedChange[] }) {
  const shown = shownChanges(changes);
  if (shown.length === 0) return null;
  return (
    <ol className="plan-changes" aria-label={t`Changes`}>
      {shown.map((change) => (
        <li key={`${change.kind} ${change.name} ${change.op}`}>
          <details open={change.op === 'update' && shown.length <= 12}>
            <summary>
              <span className={`plan-op ${change.op}`} aria-hidden="true">
                {{ create: '+', update: '~', delete: '−', unchanged: ' ' }[change.op]}
              </span>
              <span className="medium wrap-any">{change.name}</span>
              <span className="muted">
                {kindWords[change.kind] ?? change.kind}, {opWords[change.op]}
              </span>
              <FindingCount findings={change.findings} />
            </summary>
            <FindingList findings={change.findings} />
            {change.fields.length === 0 ? (
              <p className="small-text faint plan-fields">{t`No field is shown for it.`}</p>
            ) : (
              change.fields.map((field) => (
                <div key={field.path} className="plan-field">
                  <div className="mono muted">{field.path}</div>
                  <pre className="plan-diff" tabIndex={0} role="region" aria-label={`${change.name}: ${field.path}`}>
                    {lineDiff(field.before, field.after).map((line, index) => (
                      <span key={index} className={lineClass[line.mark]}>
                        {`${line.mark} ${line.text}\n`}
                      </span>
                    ))}
                  </pre>
                </div>
              ))
            )}
          </details>
        </li>
      ))}
    </ol>
  );
}

const lineClass = { '-': 'gone', '+': 'come', ' ': 'same' } as const;
