import { useState } from 'react';
import type { ReplayReport, Why, WhyOther } from '#server/contract/ledger.ts';
import type { LedgerEntry } from '#server/contract/page.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { numberText, plural, t, term } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCanRole, useMe } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { LookupPicture } from './lookup-picture.tsx';
import { OtherPolicy } from './other-policy.tsx';
import { type Lookup, lookupsIn } from './why-words.ts';

/** What was looked up, who else was asked, what another policy would have done, and the record itself. */
export function WhySide({ why, entries }: { why: Why; entries: readonly LedgerEntry[] }) {
  const upTo = why.page?.at ?? null;
  const lookups = lookupsIn(upTo === null ? entries : entries.filter(({ at }) => at <= upTo));
  return (
    <>
      {lookups.map((lookup) => (
        <section key={lookup.scheduleId} aria-label={t`Schedule looked up: ${lookup.schedule}`}>
          <SectionHead
            title={t`Schedule looked up`}
            actions={
              <span className="count">
                <Time at={lookup.at} seconds zone />
              </span>
            }
          />
          <LookupPicture lookup={lookup} />
          <LookupNote lookup={lookup} />
        </section>
      ))}
      <OnCallThen why={why} />
      <Others
        title={why.page === null ? t`Asked, not paged` : t`Also asked, not paged`}
        people={why.others.filter(({ paged }) => !paged)}
      />
      <Others
        title={why.page === null || why.onCall.length > 0 ? t`Paged` : t`Also paged`}
        people={why.others.filter(({ paged }) => paged)}
      />
      <OtherPolicy why={why} />
      <Record why={why} />
    </>
  );
}

function LookupNote({ lookup: { scheduleId, schedule, rows } }: { lookup: Lookup }) {
  const override = rows.findLast(({ type, inForce, name }) => type === 'override' && inForce && name !== '');
  const link = <a href={paths.schedule(scheduleId)}>{schedule}</a>;
  return (
    <p className="small-text muted">
      {override === undefined ? rich`${link}, as it was then` : rich`${link}. Override: “${override.name}”`}
    </p>
  );
}

function OnCallThen({ why }: { why: Why }) {
  if (why.onCall.length === 0) return null;
  return (
    <section aria-label={t`On call then`}>
      <SectionHead title={t`On call then`} />
      <ul className="why-others">
        {why.onCall.map(({ schedule, people, explanation }) => (
          <li key={schedule}>
            <Avatar name={people[0] ?? null} />
            <div>
              <div>
                {schedule}: {people.length === 0 ? t`nobody` : people.join(', ')}
              </div>
              <div className="small-text muted">{explanation}</div>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Others({ title, people }: { title: string; people: readonly WhyOther[] }) {
  const me = useMe();
  if (people.length === 0) return null;
  return (
    <section aria-label={title}>
      <SectionHead title={title} />
      <ul className="why-others">
        {people.map((other) => (
          <li key={`${other.userId} ${other.name} ${other.why}`}>
            <Avatar name={other.name} me={other.userId === me.id} />
            <div>
              <div>{other.userId === me.id ? t`You` : other.name}</div>
              <div className="small-text muted">{other.why}</div>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Record({ why }: { why: Why }) {
  const cannot = useCanRole()('manager');
  const call = useCall((api, incidentId: string) => api.ledger.replay.query({ incidentId }));
  const [report, setReport] = useState<ReplayReport | null>(null);
  const { record, incident } = why;
  if (record === null) return null;
  return (
    <section aria-label={t`Record`}>
      <SectionHead
        title={t`Record`}
        actions={
          incident === null ? null : (
            <Button
              compact
              icon="replay"
              unavailable={cannot}
              isDisabled={call.busy}
              onPress={() => void call.run(incident.id).then((answer) => answer !== null && setReport(answer))}
            >
              {call.busy ? t`Replaying…` : t`Replay`}
            </Button>
          )
        }
      />
      <p>
        {rich`Sequence ${<span className="mono">{numberText(record.from)}</span>} to ${<span className="mono">{numberText(record.to)}</span>}`}
      </p>
      <p className="small-text muted">
        {t`${plural(record.entries, { one: '1 entry', other: '# entries' })}, each with its input and version`}
      </p>
      {call.failure === null ? null : <Failure what={t`It could not be replayed`} failure={call.failure} />}
      {report === null ? null : <ReplayResult report={report} />}
    </section>
  );
}

function ReplayResult({ report }: { report: ReplayReport }) {
  const good = report.different.length === 0 && report.missing.length === 0;
  return (
    <div className="why-outcome" role="status">
      <Icon name={good ? 'check' : 'refused'} />
      <div>
        <div>
          {report.different.length === 0
            ? t`${plural(report.same, { one: '1 decision', other: '# decisions' })} recomputed, all the same`
            : t`${plural(report.same, { one: '1 decision', other: '# decisions' })} recomputed, ${report.different.length} differ`}
        </div>
        <div className="small-text muted">
          {t`${numberText(report.observations)} observations and ${numberText(report.documents)} documents as they were recorded.`}
          {report.different
            .slice(0, 3)
            .map(({ sequence, kind }) => ` ${t`Entry ${numberText(sequence)} (${term(kind)}) decides otherwise now.`}`)}
          {report.missing
            .slice(0, 3)
            .map(({ reference }) => ` ${t`${reference} is not stored, so what refers to it was not replayed.`}`)}
        </div>
      </div>
    </div>
  );
}
