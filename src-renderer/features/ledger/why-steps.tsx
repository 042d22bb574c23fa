import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Why, WhyAttempt, WhyStep } from '#server/contract/ledger.ts';
import type { Asked } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { capital, numberText, t, term } from '../../language/words.ts';
import { useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration, localTitle } from '../../time-format.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { useClock } from '../../ui/use-clock.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { LedgerEntry } from '#server/contract/page.ts';
import {
  notReached,
  offsetWords,
  plainJson,
  reachedRows,
  receiptWords,
  rowClass,
  saidAbout,
  type TraceItem,
  withoutRaw,
} from './why-words.ts';

interface WhyStepsProps {
  items: readonly TraceItem[];
  focused: number;
  /** Places whose input is shown. */
  open: ReadonlySet<number>;
  onFocus: (place: number) => void;
  onToggle: (place: number) => void;
  entries: Asked<LedgerEntry[]>;
  incident: Why['incident'];
  severity: ReactNode;
}

/** Time, mark and text; the matched rule lit, the rest faint. */
export function WhySteps({ items, focused, open, onFocus, onToggle, entries, severity }: WhyStepsProps) {
  return (
    <ol className="why-steps" aria-label={t`Steps`}>
      {items.map((item, place) => {
        const before = items[place - 1];
        const shown = open.has(place);
        return (
          <Item
            key={item.key}
            focused={focused === place}
            onFocus={() => onFocus(place)}
            time={
              item.kind === 'step'
                ? {
                    at: item.at,
                    offset: offsetWords(item.step.offsetMs, before?.kind === 'step' ? before.step.offsetMs : null),
                  }
                : { at: item.at, offset: null }
            }
            mark={
              item.kind === 'attempts' ? (
                <Icon name="phone-call" />
              ) : item.kind === 'next' ? (
                <Icon name="clock" />
              ) : item.step.tone === 'trigger' && severity !== null ? (
                severity
              ) : (
                <Icon name={icons[item.step.tone]} />
              )
            }
          >
            {item.kind === 'step' ? (
              <StepBody step={item.step} open={shown} onToggle={() => onToggle(place)} entries={entries} />
            ) : item.kind === 'attempts' ? (
              <Attempts attempts={item.attempts} open={shown} entries={entries} />
            ) : (
              <div className="why-line">
                <b>{item.text}</b> <Countdown at={item.at} />
              </div>
            )}
          </Item>
        );
      })}
    </ol>
  );
}

const icons: Record<WhyStep['tone'], IconName> = {
  trigger: 'incidents',
  ok: 'check',
  held: 'timer',
  failed: 'refused',
  end: 'person',
  next: 'clock',
};

interface ItemProps {
  focused: boolean;
  onFocus: () => void;
  time: { at: string; offset: string | null };
  mark: ReactNode;
  children: ReactNode;
}

function Item({ focused, onFocus, time, mark, children }: ItemProps) {
  const clock = useClock();
  const line = useRef<HTMLLIElement>(null);
  const wasFocused = useRef(focused);
  useEffect(() => {
    if (focused && !wasFocused.current) line.current?.scrollIntoView({ block: 'nearest' });
    wasFocused.current = focused;
  }, [focused]);
  return (
    <li
      ref={line}
      className={focused ? 'why-step current' : 'why-step'}
      aria-current={focused ? 'step' : undefined}
      onMouseDown={onFocus}
    >
      <time className="why-time mono" dateTime={time.at} title={localTitle(time.at)}>
        {time.offset ?? clock.time(Date.parse(time.at), true)}
      </time>
      <span className="why-mark">{mark}</span>
      <div className="why-text">{children}</div>
    </li>
  );
}

interface StepBodyProps {
  step: WhyStep;
  open: boolean;
  onToggle: () => void;
  entries: Asked<LedgerEntry[]>;
}

function StepBody({ step, open, onToggle, entries }: StepBodyProps) {
  // What a schedule was asked stands as a picture beside the steps.
  const rows = step.kind === 'route' ? reachedRows(step.rows) : step.kind === 'lookup' ? [] : step.rows;
  const rest = notReached(step);
  return (
    <>
      <div className="why-line">
        <b>{step.title}</b> <span className="why-detail">{step.detail}</span>
        {step.entryId === null ? null : (
          <button type="button" className="why-input-toggle" aria-expanded={open} onClick={onToggle}>
            {open ? t`hide input` : t`input`}
          </button>
        )}
      </div>
      {rows.length === 0 ? null : (
        <ol
          className="why-table"
          aria-label={step.kind === 'route' ? t`Routes that were tried` : t`What was looked at`}
        >
          {rows.map((row) => (
            <li key={`${row.label} ${row.text}`} className={rowClass(row)}>
              <span className="why-place">{row.label}</span>
              <span className={step.kind === 'route' ? 'mono wrap-any' : 'wrap-any'}>{row.text}</span>
              <span className="end">{row.result}</span>
            </li>
          ))}
          {rest === null ? null : (
            <li className="why-row">
              <span />
              <span className="mono">{rest}</span>
              <span className="end">{t`not reached`}</span>
            </li>
          )}
        </ol>
      )}
      {open ? <Recorded entryId={step.entryId} entries={entries} /> : null}
    </>
  );
}

/** The entry as the ledger holds it. */
function Recorded({ entryId, entries }: { entryId: string | null; entries: Asked<LedgerEntry[]> }) {
  const entry = entries.data?.find(({ id }) => id === entryId);
  if (entry === undefined)
    return (
      <p className="small-text faint why-recorded-wait">
        {entries.failure === null ? t`Asking the server…` : entries.failure.message}
      </p>
    );
  const text = plainJson({ input: entry.input, output: entry.output });
  return (
    <div className="why-recorded">
      <div className="row small-text muted">
        <span className="grow">
          {rich`entry ${<span className="mono">{numberText(entry.sequence)}</span>}, ${term(entry.kind)}`}
        </span>
        <CopyButton text={text} label={t`Copy the entry`} iconOnly />
      </div>
      <pre tabIndex={0} role="region" aria-label={t`Input and output of entry ${entry.sequence}`}>
        {text}
      </pre>
    </div>
  );
}

function Countdown({ at }: { at: string }) {
  const left = Date.parse(at) - useServerNow();
  return <span className="why-detail tabular">{left > 0 ? t`in ${duration(left)}` : t`due now`}</span>;
}

const attemptMarks: Record<string, ReactNode> = {
  delivered: <Icon name="check" />,
  sent: <Icon name="check" />,
  failed: <Icon name="refused" />,
  pending: <Icon name="clock" />,
  sending: <Icon name="send" />,
  cancelled: <Icon name="minus" />,
  shadow: <Icon name="wall" />,
};

const went: ReadonlySet<string> = new Set(['sent', 'delivered']);

interface AttemptsProps {
  attempts: readonly WhyAttempt[];
  open: boolean;
  entries: Asked<LedgerEntry[]>;
}

function Attempts({ attempts, open, entries }: AttemptsProps) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const clock = useClock();
  const channels = useTable('channel');
  const channelNames = new Set([...channels.rows.values()].map(({ name }) => name));
  return (
    <>
      <div className="why-line">
        <b>{t`Attempts`}</b> <span className="why-detail">{t`written before they are sent`}</span>
      </div>
      <ul className="why-table attempts" aria-label={t`Attempts`}>
        {attempts.map((attempt) => {
          const shown = open || opened.has(attempt.notificationId);
          const toggle = (): void => {
            const next = new Set(opened);
            if (!next.delete(attempt.notificationId)) next.add(attempt.notificationId);
            setOpened(next);
          };
          const due = attempt.status === 'pending';
          return (
            <Fragment key={attempt.notificationId}>
              <li className="attempt">
                <span className="muted">
                  {attempt.status === 'sent' && attempt.receipt.startsWith('no receipt') ? (
                    <Mark kind="unknown" size="small" label={t`No receipt`} />
                  ) : (
                    (attemptMarks[attempt.status] ?? <Icon name="clock" />)
                  )}
                </span>
                <button type="button" className="attempt-name clip" aria-expanded={shown} onClick={toggle}>
                  {channelNames.has(attempt.label) ? attempt.label : capital(attempt.label)}
                </button>
                <span className="mono faint">{clock.time(Date.parse(attempt.at), true)}</span>
                {/* What was said to a success is clipped: all of it opens below. What failed is read in full. */}
                <span className={went.has(attempt.status) ? 'muted clip' : 'muted wrap-any'} title={attempt.answer}>
                  {went.has(attempt.status) ? withoutRaw(attempt.answer) : attempt.answer}
                </span>
                <span className="end">{due ? <Countdown at={attempt.at} /> : receiptWords(attempt)}</span>
              </li>
              {shown ? <AttemptRecord attempt={attempt} entries={entries} /> : null}
            </Fragment>
          );
        })}
      </ul>
    </>
  );
}

function AttemptRecord({ attempt, entries }: { attempt: WhyAttempt; entries: Asked<LedgerEntry[]> }) {
  const said = saidAbout(entries.data ?? [], attempt.notificationId);
  return (
    <li className="attempt-record">
      {entries.data === undefined ? (
        <span className="small-text faint">{entries.failure?.message ?? t`Asking the server…`}</span>
      ) : said.length === 0 ? (
        <span className="small-text muted">{t`Nothing was sent for it yet, so there is no answer.`}</span>
      ) : (
        said.map((entry) => (
          <div key={entry.id} className="why-recorded">
            <div className="small-text muted">
              {entry.title}
              {entry.detail === '' ? '' : `: ${entry.detail}`}
            </div>
            <pre tabIndex={0} role="region" aria-label={t`What was recorded: ${entry.title}`}>
              {plainJson(entry.input)}
            </pre>
          </div>
        ))
      )}
    </li>
  );
}
