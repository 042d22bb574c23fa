import { useRef, useState } from 'react';
import type { PagingTrial, TrialChange } from '#server/contract/paging-trial.ts';
import { Failure } from '../../api/asked.tsx';
import { apiFailure, type ApiFailure } from '../../api/client.ts';
import { t } from '../../language/words.ts';
import { useApi, useCanRole } from '../../session.tsx';
import { deviceNow, useDeviceNow } from '../../time.ts';
import { duration } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { PagingTrialResult } from './paging-trial-result.tsx';
import './routing.css';

type Days = '1' | '7' | '30' | '90';

interface PagingTrialPanelProps {
  /** What is tried, as it stands in the editor; null while a field does not hold up. */
  changes: readonly TrialChange[] | null;
  /** `with this route`, `with this schedule`. */
  label: string;
}

/**
 * The time machine over routes, schedules, policies and inhibitions: the last days under what is in the editor, before
 * it is saved. Editors mount it with one line.
 */
export function PagingTrialPanel({ changes, label }: PagingTrialPanelProps) {
  const api = useApi();
  const cannot = useCanRole()('manager');
  const [days, setDays] = useState<Days>('30');
  const [since, setSince] = useState<number | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [result, setResult] = useState<{ question: string; trial: PagingTrial } | null>(null);
  const running = useRef<AbortController | null>(null);
  const question = JSON.stringify([changes, days]);

  const run = async (): Promise<void> => {
    if (changes === null) return;
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    setSince(deviceNow());
    setFailure(null);
    try {
      const trial = await api.paging.tryDraft.mutate(
        { changes: [...changes], days: Number(days) },
        { signal: mine.signal },
      );
      if (running.current === mine) setResult({ question, trial });
    } catch (error) {
      if (running.current === mine) setFailure(apiFailure(error));
    }
    if (running.current === mine) setSince(null);
  };
  const cancel = (): void => {
    running.current?.abort();
    running.current = null;
    setSince(null);
  };

  return (
    <Panel label={t`Time machine`}>
      <div className="trial-head">
        <h2 className="strong">{t`Time machine`}</h2>
        <span className="small-text muted">{t`who would have been paged in the last`}</span>
        <Segmented
          label={t`Days to try it on`}
          options={[
            { value: '1', label: t`1 day` },
            { value: '7', label: '7' },
            { value: '30', label: '30' },
            { value: '90', label: t`90 days` },
          ]}
          value={days}
          onChange={setDays}
        />
        <span className="grow" />
        {since === null ? (
          <Button
            icon="replay"
            unavailable={cannot ?? (changes === null ? t`A field is not valid yet.` : null)}
            onPress={() => void run()}
          >
            {t`Try it`}
          </Button>
        ) : (
          <>
            <Running since={since} />
            <Button onPress={cancel}>{t`Cancel`}</Button>
          </>
        )}
      </div>
      {failure === null ? null : (
        <div className="panel-body">
          <Failure what={t`It could not be tried`} failure={failure} onRetry={() => void run()} />
        </div>
      )}
      {result === null ? (
        failure === null ? (
          <p className="panel-body small-text muted">
            {t`Replays the incidents that really happened ${label}, and shows pages that are added, removed and missed. It changes nothing and pages nobody.`}
          </p>
        ) : null
      ) : (
        <PagingTrialResult trial={result.trial} label={label} outdated={result.question !== question} />
      )}
    </Panel>
  );
}

function Running({ since }: { since: number }) {
  const ms = useDeviceNow() - since;
  return (
    <span className="row small-text muted tabular trial-running" role="status">
      <progress aria-label={t`Replaying`} />
      <span className="visually-hidden">{t`Replaying,`} </span>
      {duration(ms)}
    </span>
  );
}
