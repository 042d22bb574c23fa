import { useState } from 'react';
import { Failure, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';

interface TestPageProps {
  userId: string;
  /** Something typed is not saved yet. */
  changed: boolean;
}

/** Sends a test to every way at once and says what each answered. */
export function TestPage({ userId, changed }: TestPageProps) {
  const cannot = useCanRole()('responder');
  const call = useCall((api, id: string) => api.responders.sendTest.mutate({ userId: id }));
  const [results, setResults] = useState<Awaited<ReturnType<typeof call.run>>>(null);
  const run = async (): Promise<void> => {
    const answer = await call.run(userId);
    if (answer !== null) setResults(answer);
  };
  const reason = changed ? t`Save first: the test goes to what is saved.` : null;
  return (
    <section className="stack profile-section" aria-label={t`Test`}>
      <div className="row">
        <h2>{t`Test`}</h2>
        <span className="muted grow">{t`Sends a message marked as a test by every verified way.`}</span>
        <Button unavailable={cannot ?? reason} isDisabled={call.busy} onPress={() => void run()}>
          {call.busy ? t`Sending…` : t`Send me a test page`}
        </Button>
      </div>
      {call.failure === null ? null : <Failure what={t`The test was not sent`} failure={call.failure} />}
      {results === null ? null : (
        <ul className="test-results" aria-label={t`What the test came to`} aria-live="polite">
          {results.length === 0 ? <li className="muted">{t`There is no verified way to test.`}</li> : null}
          {results.map(({ methodId, label, ok, text, elapsedMs }) => (
            <li key={methodId ?? 'desktop'}>
              <Mark kind={ok ? 'ok' : 'unknown'} size="small" label={ok ? t`Sent` : t`Failed`} />
              <span className="medium">{label}</span>
              <span className="muted grow">{text}</span>
              <span className="faint tabular">{t`${Math.round(elapsedMs)} ms`}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
