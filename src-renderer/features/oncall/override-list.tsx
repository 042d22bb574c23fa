import { useMemo, useState } from 'react';
import type { Override, Schedule, TimeOff } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { useMe, useNameOf, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';
import { useSayDeleted } from '../config/use-say-deleted.ts';
import { overrideWords, spanWords } from './oncall-words.ts';

type Entry = { kind: 'override'; row: Override } | { kind: 'timeOff'; row: TimeOff };

/** What people changed about this schedule, from now on. */
export function OverrideList({ schedule }: { schedule: Schedule }) {
  const nameOf = useNameOf();
  const overrides = useTable('override');
  const timesOff = useTable('timeOff');
  const now = new Date(useServerStep(60_000)).toISOString();
  const [removing, setRemoving] = useState<Entry | null>(null);
  const entries = useMemo(() => {
    const people = new Set(
      schedule.layers.flatMap((layer) => (layer.type === 'rotation' ? layer.participants.flat() : [])),
    );
    const found: Entry[] = [
      ...[...overrides.rows.values()]
        .filter((row) => row.scheduleId === schedule.id && row.endsAt > now)
        .map((row): Entry => ({ kind: 'override', row })),
      ...[...timesOff.rows.values()]
        .filter((row) => people.has(row.userId) && row.endsAt > now)
        .map((row): Entry => ({ kind: 'timeOff', row })),
    ];
    return found.toSorted((a, b) => (a.row.startsAt < b.row.startsAt ? -1 : 1));
  }, [overrides, timesOff, schedule, now]);
  return (
    <Panel title={t`Overrides and time off`} count={entries.length} label={t`Overrides and time off`}>
      {entries.length === 0 ? (
        <p className="panel-body small-text muted">{t`None from now on: the layers decide alone.`}</p>
      ) : (
        <ul className="schedule-list" aria-label={t`Overrides and time off`}>
          {entries.map((entry) => (
            <li key={entry.row.id}>
              <div className="two-line grow">
                <div className="clip">{wordsOf(entry, nameOf)}</div>
                <div>
                  {[
                    spanWords(entry.row, schedule.timeZone),
                    ...(entry.row.reason === '' ? [] : [t`“${entry.row.reason}”`]),
                    ...(entry.row.updatedBy === null ? [] : [t`by ${nameOf(entry.row.updatedBy)}`]),
                  ].join(', ')}
                </div>
              </div>
              <Button
                look="ghost"
                compact
                icon="trash"
                aria-label={t`Take back: ${wordsOf(entry, nameOf)}`}
                onPress={() => setRemoving(entry)}
              />
            </li>
          ))}
        </ul>
      )}
      {removing === null ? null : (
        <TakeBack entry={removing} zone={schedule.timeZone} onClose={() => setRemoving(null)} />
      )}
    </Panel>
  );
}

function TakeBack({ entry, zone, onClose }: { entry: Entry; zone: string; onClose: () => void }) {
  const me = useMe();
  const nameOf = useNameOf();
  const { remove, busy } = useDocumentActions();
  const sayDeleted = useSayDeleted();
  const [refusal, setRefusal] = useState<string | null>(null);
  const cannot = useCanWrite(entry.kind, aboutOf(entry, me.id));
  const run = async (): Promise<void> => {
    const removed = await remove(entry.kind, entry.row.id);
    if (removed.outcome === 'refused') return setRefusal(removed.reason);
    onClose();
    if (removed.outcome === 'saved') sayDeleted(t`It is taken back: ${wordsOf(entry, nameOf)}.`, removed.id);
  };
  return (
    <Dialog
      title={t`Take it back?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it`}</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void run()}>
            {t`Take it back`}
          </Button>
        </>
      }
    >
      <p>
        {t`${wordsOf(entry, nameOf)}, ${spanWords(entry.row, zone)}. From now on the layers decide again; what was, stays in the history.`}
      </p>
      <Refusal reason={refusal} what={t`It was not taken back`} />
    </Dialog>
  );
}

function wordsOf(entry: Entry, nameOf: (id: string | null) => string): string {
  return entry.kind === 'override' ? overrideWords(entry.row, nameOf) : t`${nameOf(entry.row.userId)} is away`;
}

function aboutOf(entry: Entry, me: string): (string | null)[] {
  if (entry.kind === 'timeOff') return [entry.row.userId];
  const { row } = entry;
  if (row.mode === 'temporary') return row.updatedBy === me ? [me] : [];
  return row.mode === 'replace' ? [row.userId, row.replacedUserId] : [row.userId];
}
