import { useMemo, useState } from 'react';
import type { Why } from '#server/contract/ledger.ts';
import type { LedgerEntry } from '#server/contract/page.ts';
import { AskedAge, AskedBody, useAsked } from '../../api/asked.tsx';
import type { ApiClient } from '../../api/client.ts';
import { t } from '../../language/words.ts';
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
import { isWholeId, NotWhole } from '../links/missing.tsx';
import { WhySteps } from './why-steps.tsx';
import { emphasised, plainJson, traceOf } from './why-words.ts';

type WhyQuestion = Parameters<ApiClient['ledger']['why']['query']>[0];

/** `#/pages/:id`: why this page was made. */
export function WhyPageScreen({ params }: ScreenProps) {
  const pageId = params['id'] ?? '';
  usePageKeys(pageId);
  return <WhyScreenOf key={pageId} question={{ pageId }} ids={[pageId]} />;
}

/** [ and ] go through the pages as the ledger lists them, the newest first. */
function usePageKeys(pageId: string): void {
  const pages = useTable('page');
  const { newer, older } = useMemo(() => {
    const ids = [...pages.rows.values()].toSorted((a, b) => b.number - a.number).map(({ id }) => id);
    const at = ids.indexOf(pageId);
    return { newer: ids[at - 1], older: at < 0 ? undefined : ids[at + 1] };
  }, [pages, pageId]);
  const go = (id: string | undefined): void => {
    if (id !== undefined) navigate(paths.page(id));
  };
  useCommands([
    {
      id: 'detail.previous',
      label: t`previous page`,
      unavailable: newer === undefined ? t`this is the newest` : null,
      run: () => go(newer),
    },
    {
      id: 'detail.next',
      label: t`next page`,
      unavailable: older === undefined ? t`this is the oldest on this machine` : null,
      run: () => go(older),
    },
  ]);
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
  const ids = [incidentId, alertId, userId].filter((id): id is string => Boolean(id));
  return <WhyScreenOf key={query.toString()} question={question} ids={ids} />;
}

/** `ids`: those that the link brought. */
function WhyScreenOf({ question, ids }: { question: WhyQuestion; ids: readonly string[] }) {
  const page = useEntity('page', question.pageId ?? null);
  const broken = ids.find((id) => !isWholeId(id));
  const asked = useAsked(
    // A page that changed has another answer.
    ['why', question, page?.version ?? 0],
    (api) => api.ledger.why.query(question),
    { keepLast: true, enabled: broken === undefined },
  );
  if (broken !== undefined)
    return (
      <div className="screen-pad">
        <NotWhole
          id={broken}
          actions={
            <a className="button" href={paths.ledger()}>
              {t`The ledger`}
            </a>
          }
        />
      </div>
    );
  return asked.data === undefined ? (
    <div className="screen-pad why-unasked">
      <h1 className="title">{question.pageId === undefined ? t`Who was paged, and why?` : t`Why this page?`}</h1>
      <AskedBody asked={asked} what={t`The ledger could not be asked`}>
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
    incident === undefined ? t`its incident is not on this machine` : can('incident.acknowledge', incident);
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
      () => show({ text: t`The link is copied.` }),
      () => show({ icon: 'refused', text: t`The clipboard cannot be written here.` }),
    );
  };
  useCommands([
    ...(incident === undefined
      ? []
      : [
          {
            id: 'acknowledge',
            label: t`acknowledge`,
            hint: cannotAcknowledge === null,
            unavailable: cannotAcknowledge,
            run: acknowledge,
          },
        ]),
    {
      id: 'list.next',
      label: t`next step`,
      hint: items.length > 1,
      run: () => setFocus(Math.min(focused + 1, items.length - 1)),
    },
    {
      id: 'list.previous',
      label: t`previous step`,
      hint: items.length > 1,
      run: () => setFocus(Math.max(focused - 1, 0)),
    },
    { id: 'list.open', label: t`show input`, hint: items.length > 0, run: () => toggle(focused) },
    { id: 'link.copy', label: t`copy link`, hint: true, run: copy },
    {
      id: 'back',
      label: t`back`,
      hint: true,
      run: () => navigate(incidentId === null ? paths.ledger() : paths.incident(incidentId)),
    },
  ]);
  return (
    <div className="why">
      <section className="why-main" aria-label={t`Answer and steps`}>
        <header className="screen-head why-head">
          <h1>{title}</h1>
          {why.page === null ? null : <span className="mono muted">P-{why.page.number}</span>}
          {why.incident === null ? null : (
            <a className="mono muted" href={paths.incident(why.incident.id)} title={why.incident.title}>
              INC-{why.incident.number}
            </a>
          )}
          <CopyButton text={link} label={t`Copy the link`} iconOnly />
          <span className="grow" />
          {why.page?.userId === me.id && question.pageId !== undefined ? (
            <Segmented
              label={t`Question`}
              value="paged"
              onChange={(value) => {
                if (value === 'not') navigate(paths.ledger({ user: me.id }));
              }}
              options={[
                { value: 'paged', label: t`Why was I` },
                { value: 'not', label: t`Why was I not` },
              ]}
            />
          ) : null}
          <Button onPress={exportIt}>{t`Export`}</Button>
          {incident === undefined || (incident.status !== 'triggered' && status !== 'open') ? null : (
            <Button look="primary" command="acknowledge" unavailable={cannotAcknowledge} onPress={acknowledge}>
              {t`Acknowledge`}
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
          <p className="muted why-none">{t`The ledger has no step about this.`}</p>
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
      <aside className="why-side" aria-label={t`What was looked up`}>
        {/* The schedules come with the entries: what stands below them would jump. */}
        {entries.data === undefined && entries.asking ? null : <WhySide why={why} entries={entries.data ?? []} />}
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
    if (userId === me.id) return t`Why was I paged?`;
    const who = userId === null ? (channels.rows.get(channelId ?? '')?.name ?? t`this channel`) : nameOf(userId);
    return t`Why was ${who} paged?`;
  }
  const userId = question.userId ?? null;
  if (ofMinute)
    return userId === null
      ? t`What happened then?`
      : userId === me.id
        ? t`What about me then?`
        : t`What about ${nameOf(userId)} then?`;
  if (userId === null)
    return why.others.some(({ paged }) => paged) ? t`Who was paged, and why?` : t`Why was nobody paged?`;
  return userId === me.id ? t`Why was I not paged?` : t`Why was ${nameOf(userId)} not paged?`;
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
