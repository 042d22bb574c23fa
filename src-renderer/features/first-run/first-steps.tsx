import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Failure, useCall } from '../../api/asked.tsx';
import { plural, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCanRole, useMe, useSession, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { type LocalTest, testHere } from '../settings/local-test.ts';

interface StepProps {
  number: number;
  title: string;
  hint: string;
  done?: boolean;
  children?: ReactNode;
}

export function Step({ number, title, hint, done = false, children }: StepProps) {
  return (
    <li>
      <span className="number">{done ? <Mark kind="ok" size="small" label={t`Done`} /> : number}</span>
      <div className="stack first-step">
        <div className="medium">{title}</div>
        <div className="small-text muted">{hint}</div>
        {children}
      </div>
    </li>
  );
}

export function OnCallStep({ number }: { number: number }) {
  const count = useTable('schedule').rows.size;
  return (
    <Step
      number={number}
      title={t`Who is on call`}
      done={count > 0}
      hint={
        count === 0
          ? t`A schedule of one person is enough.`
          : t`${plural(count, { one: 'There is a schedule.', other: 'There are # schedules.' })}`
      }
    >
      <a className="button compact" href={count === 0 ? paths.schedule('new') : paths.oncall()}>
        {count === 0 ? t`Make a schedule` : t`On-call`}
      </a>
    </Step>
  );
}

/** The whole way to this person, before it matters: what each way answered stands below. */
export function TestPageStep({ number }: { number: number }) {
  const me = useMe();
  const { host, uuid } = useSession();
  const cannot = useCanRole()('responder');
  const call = useCall((api, userId: string) => api.responders.sendTest.mutate({ userId }));
  const [results, setResults] = useState<Awaited<ReturnType<typeof call.run>>>(null);
  const [here, setHere] = useState<LocalTest | null>(null);
  const told = useRef<HTMLUListElement>(null);
  // It stands at the end of the page.
  useEffect(() => {
    told.current?.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }, [results, here]);
  const send = async (): Promise<void> => {
    setResults(await call.run(me.id));
    await host.allowNotifications();
    setHere(await testHere(host, uuid()));
  };
  // Of the desktop this machine knows more than the server.
  const others = (results ?? []).filter(({ methodId, label }) => methodId !== null || label !== 'desktop');
  return (
    <Step
      number={number}
      title={t`A test page to yourself`}
      done={here?.ok === true || others.some(({ ok }) => ok)}
      hint={t`Marked as a test, by every way that reaches you.`}
    >
      <Button compact unavailable={cannot} isDisabled={call.busy} onPress={() => void send()}>
        {call.busy ? t`Sending…` : t`Send me a test page`}
      </Button>
      {call.failure === null ? null : <Failure what={t`The test was not sent`} failure={call.failure} />}
      <ul ref={told} className="first-results" aria-label={t`What the test came to`} aria-live="polite">
        {here === null ? null : <Result label={t`Desktop`} ok={here.ok} text={here.text} />}
        {others.map(({ methodId, label, ok, text }) => (
          <Result key={methodId} label={label} ok={ok} text={text} />
        ))}
      </ul>
    </Step>
  );
}

function Result({ label, ok, text }: { label: string } & LocalTest) {
  return (
    <li className="small-text">
      <Mark kind={ok ? 'ok' : 'unknown'} size="small" label={ok ? t`Sent` : t`Failed`} />
      <span>
        <span className="medium">{label}</span> <span className="muted">{text}</span>
      </span>
    </li>
  );
}
