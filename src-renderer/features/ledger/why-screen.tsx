import { useMemo, useState } from 'react';
import type { Why } from '#server/contract/ledger.ts';
import type { LedgerEntry } from '#server/contract/page.ts';
import { AskedAge, AskedBody, useAsked } from '../../api/asked.tsx';
import type { ApiClient } from '../../api/client.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useEntity, useMe, useNameOf, useSubmit, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { useToasts } from '../../ui/toast.tsx';
import './ledger.css';
import { WhySide } from './why-side.tsx';
import { WhySteps } from './why-steps.tsx';
import { emphasised, plainJson, traceOf } from './why-words.ts';

type WhyQuestion = Parameters<ApiClient['ledger']['why']['query']>[0];

/** `#/pages/:id`: why this page was made. */
export function WhyPageScreen({ params }: ScreenProps) {
  const pageId = params['id'] ?? '';
  return <WhyScreenOf key={pageId} question={{ pageId }} />;
}

/** `#/why?incident=…&alert=…&user=…&at=…`: why somebody, or nobody, was paged. */
export function WhyScreen({ query }: ScreenProps) {
  const [incidentId, alertId, userId, at] = ['incident', 'alert', 'user', 'at'].map((name) => query.get(name));
  const question: WhyQuestion = {
    ...(incidentId ? { incidentId } : {}),
    ...(alertId ? { alertId } : {}),
    ...(at ? { at } : {}),
    userId: userId ?? null,
  };
  return <WhyScreenOf key={query.toString()} question={question} />;
}

function WhyScreenOf({ question }: { question: WhyQuestion }) {
  const page = useEntity('page', question.pageId ?? null);
  const asked = useAsked(
    // A page that changed has another answer.
    ['why', question, page?.version ?? 0],
    (api) => api.ledger.why.query(question),
    { keepLast: true },
  );
  return asked.data === undefined ? (
    <div className="screen-pad">
      <AskedBody asked={asked} what="The ledger could not be asked">
        {() => null}
      </AskedBody>
    </div>
  ) : (
    <WhyView why={asked.data} question={question} age={<AskedAge asked={asked} />} />
  );
}

function WhyView({ why, question, age }: { why: Why; question: WhyQuestion; age: React.ReactNode }) {
  const me = useMe();
  const can = useCan();
  const submit = useSubmit();
  const show = useToasts((state) => state.show);
  const title = useTitle(why, question);
  const incident = useEntity('incident', why.incident?.id ?? null);
  const live = useEntity('page', why.page?.id ?? null);
  const names = useNames();
  const items = useMemo(() => traceOf(why), [why]);
  const [focus, setFocus] = useState(0);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const focused = Math.min(focus, Math.max(0, items.length - 1));
  const incidentId = why.incident?.id ?? null;
  const entries = useAsked(
    ['ledger-of', incidentId, why.record?.to ?? 0],
    async (api) => {
      const { items } = await api.ledger.ofIncident.query({ id: incidentId ?? '', limit: 1_000 });
      // A value that is missing in JSON is one that the ledger holds as nothing.
      return items.map((entry): LedgerEntry => ({ input: null, output: null, ...entry }));
    },
    { enabled: incidentId !== null, goodForMs: 600_000, keepLast: true },
  );
  const toggle = (place: number): void => {
    const next = new Set(open);
    if (!next.delete(place)) next.add(place);
    setOpen(next);
  };
  const link = window.location.href;
  const status = (live ?? why.page)?.status ?? null;
  const cannotAcknowledge =
    incident === undefined ? 'its incident is not on this machine' : can('incident.acknowledge', incident);
  const acknowledge = (): void => {
    if (incidentId !== null) void submit({ kind: 'incident.acknowledge', incidentId });
  };
  const exportIt = (): void =>
    saveFile(
      `tocsin-ledger-${why.page === null ? (why.incident?.number ?? 'minute') : `P-${why.page.number}`}.json`,
      plainJson({ why, entries: entries.data ?? [] }),
      'application/json',
    );
  const copy = (): void => {
    void navigator.clipboard?.writeText(link).then(
      () => show({ text: 'The link is copied.' }),
      () => show({ icon: 'refused', text: 'The clipboard cannot be written here.' }),
    );
  };
  useCommands([
    ...(incident === undefined
      ? []
      : [
          {
            id: 'acknowledge',
            label: 'acknowledge',
            hint: cannotAcknowledge === null,
            unavailable: cannotAcknowledge,
            run: acknowledge,
          },
        ]),
    {
      id: 'list.next',
      label: 'next step',
      hint: items.length > 1,
      run: () => setFocus(Math.min(focused + 1, items.length - 1)),
    },
    {
      id: 'list.previous',
      label: 'previous step',
      hint: items.length > 1,
      run: () => setFocus(Math.max(focused - 1, 0)),
    },
    { id: 'list.open', label: 'show input', hint: items.length > 0, run: () => toggle(focused) },
    { id: 'link.copy', label: 'copy link', hint: true, run: copy },
    {
      id: 'back',
      label: 'back',
      hint: true,
      run: () => navigate(incidentId === null ? paths.ledger() : paths.incident(incidentId)),
    },
  ]);
  return (
    <div className="why">
      <section className="why-main" aria-label="Answer and steps">
        <header className="why-head">
          <h1>{title}</h1>
          {why.page === null ? null : <span className="mono muted">P-{why.page.number}</span>}
          {why.incident === null ? null : (
            <a className="mono muted" href={paths.incident(why.incident.id)} title={why.incident.title}>
              INC-{why.incident.number}
            </a>
          )}
          <CopyButton text={link} label="Copy the link" iconOnly />
          <span className="grow" />
          {why.page?.userId === me.id && question.pageId !== undefined ? (
            <Segmented
              label="Question"
              value="paged"
              onChange={(value) => {
                if (value === 'not') navigate(paths.ledger({ user: me.id }));
              }}
              options={[
                { value: 'paged', label: 'Why was I' },
                { value: 'not', label: 'Why was I not' },
              ]}
            />
          ) : null}
          <Button onPress={exportIt}>Export</Button>
          {incident === undefined || (incident.status !== 'triggered' && status !== 'open') ? null : (
            <Button look="primary" command="acknowledge" unavailable={cannotAcknowledge} onPress={acknowledge}>
              Acknowledge
            </Button>
          )}
        </header>
        <div className="why-answer">
          {why.answer.map((sentence) => (
            <span key={sentence}>
              {emphasised(sentence, names).map((part, index) =>
                part.strong ? <b key={index}>{part.text}</b> : <span key={index}>{part.text}</span>,
              )}{' '}
            </span>
          ))}
        </div>
        {items.length === 0 ? (
          <p className="muted why-none">The ledger has no step about this.</p>
        ) : (
          <WhySteps
            items={items}
            focused={focused}
            open={open}
            onFocus={setFocus}
            onToggle={toggle}
            entries={entries}
            incident={why.incident}
            severity={incident === undefined ? null : <Mark kind={incident.severity} />}
          />
        )}
        <div className="why-age">{age}</div>
      </section>
      <aside className="why-side" aria-label="What was looked up">
        <WhySide why={why} entries={entries.data ?? []} />
      </aside>
    </div>
  );
}

function useTitle(why: Why, question: WhyQuestion): string {
  const me = useMe();
  const nameOf = useNameOf();
  const channels = useTable('channel');
  const ofMinute = question.at !== undefined && question.incidentId === undefined && question.alertId === undefined;
  if (why.page !== null && !ofMinute) {
    const { userId, channelId } = why.page;
    if (userId === me.id) return 'Why was I paged?';
    const who = userId === null ? (channels.rows.get(channelId ?? '')?.name ?? 'this channel') : nameOf(userId);
    return `Why was ${who} paged?`;
  }
  const userId = question.userId ?? null;
  if (ofMinute)
    return userId === null
      ? 'What happened then?'
      : userId === me.id
        ? 'What about me then?'
        : `What about ${nameOf(userId)} then?`;
  if (userId === null)
    return why.others.some(({ paged }) => paged) ? 'Who was paged, and why?' : 'Why was nobody paged?';
  return userId === me.id ? 'Why was I not paged?' : `Why was ${nameOf(userId)} not paged?`;
}

function useNames(): string[] {
  const policies = useTable('policy');
  const schedules = useTable('schedule');
  const routes = useTable('route');
  return useMemo(
    () => [policies, schedules, routes].flatMap(({ rows }) => [...rows.values()].map(({ name }) => name)),
    [policies, schedules, routes],
  );
}
