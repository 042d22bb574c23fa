import { useState } from 'react';
import type { ReplayReport, Why, WhyOther } from '#server/contract/ledger.ts';
import type { LedgerEntry } from '#server/contract/page.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { paths } from '../../paths.ts';
import { useCanRole, useMe } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { LookupPicture } from './lookup-picture.tsx';
import { OtherPolicy } from './other-policy.tsx';
import { lookupsIn } from './why-words.ts';

/** What was looked up, who else was asked, what another policy would have done, and the record itself. */
export function WhySide({ why, entries }: { why: Why; entries: readonly LedgerEntry[] }) {
  const upTo = why.page?.at ?? null;
  const lookups = lookupsIn(upTo === null ? entries : entries.filter(({ at }) => at <= upTo));
  return (
    <>
      {lookups.map((lookup) => (
        <section key={lookup.scheduleId} aria-label={`Schedule looked up: ${lookup.schedule}`}>
          <SectionHead
            title="Schedule looked up"
            actions={
              <span className="count">
                <Time at={lookup.at} seconds zone />
              </span>
            }
          />
          <LookupPicture lookup={lookup} />
          <p className="small-text muted">
            <a href={paths.schedule(lookup.scheduleId)}>{lookup.schedule}</a>
            {lookup.rows.some(({ type, inForce, name }) => type === 'override' && inForce && name !== '')
              ? `. Override: “${lookup.rows.findLast(({ type, inForce }) => type === 'override' && inForce)?.name ?? ''}”`
              : ', as it was then'}
          </p>
        </section>
      ))}
      <OnCallThen why={why} />
      <Others
        title={why.page === null ? 'Asked, not paged' : 'Also asked, not paged'}
        people={why.others.filter(({ paged }) => !paged)}
      />
      <Others
        title={why.page === null || why.onCall.length > 0 ? 'Paged' : 'Also paged'}
        people={why.others.filter(({ paged }) => paged)}
      />
      <OtherPolicy why={why} />
      <Record why={why} />
    </>
  );
}

function OnCallThen({ why }: { why: Why }) {
  if (why.onCall.length === 0) return null;
  return (
    <section aria-label="On call then">
      <SectionHead title="On call then" />
      <ul className="why-others">
        {why.onCall.map(({ schedule, people, explanation }) => (
          <li key={schedule}>
            <Avatar name={people[0] ?? null} />
            <div>
              <div>
                {schedule}: {people.length === 0 ? 'nobody' : people.join(', ')}
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
              <div>{other.userId === me.id ? 'You' : other.name}</div>
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
    <section aria-label="Record">
      <SectionHead
        title="Record"
        actions={
          incident === null ? null : (
            <Button
              compact
              icon="replay"
              unavailable={cannot}
              isDisabled={call.busy}
              onPress={() => void call.run(incident.id).then((answer) => answer !== null && setReport(answer))}
            >
              {call.busy ? 'Replaying…' : 'Replay'}
            </Button>
          )
        }
      />
      <p>
        Sequence <span className="mono">{record.from.toLocaleString('en')}</span> to{' '}
        <span className="mono">{record.to.toLocaleString('en')}</span>
      </p>
      <p className="small-text muted">
        {record.entries === 1 ? '1 entry' : `${record.entries.toLocaleString('en')} entries`}, each with its input and
        version
      </p>
      {call.failure === null ? null : <Failure what="It could not be replayed" failure={call.failure} />}
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
          {report.same.toLocaleString('en')} {report.same === 1 ? 'decision' : 'decisions'} recomputed,{' '}
          {report.different.length === 0 ? 'all the same' : `${report.different.length} differ`}
        </div>
        <div className="small-text muted">
          {report.observations.toLocaleString('en')} observations and {report.documents.toLocaleString('en')} documents
          as they were recorded.
          {report.different
            .slice(0, 3)
            .map(({ sequence, kind }) => ` Entry ${sequence.toLocaleString('en')} (${kind}) decides otherwise now.`)}
          {report.missing
            .slice(0, 3)
            .map(({ reference }) => ` ${reference} is not stored, so what refers to it was not replayed.`)}
        </div>
      </div>
    </div>
  );
}
