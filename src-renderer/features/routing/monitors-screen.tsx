import { useMemo, useState } from 'react';
import type { Monitor } from '#server/contract/route.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useFreshness, useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { besideCommands } from '../../ui/list-keys.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Mark } from '../../ui/mark.tsx';
import { shortAgo } from '../../ui/time.tsx';
import { Title, TitleLevel } from '../../ui/title.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { DeleteDocument } from './delete-document.tsx';
import { MonitorEditor } from './monitor-editor.tsx';
import { monitorState } from './route-words.ts';
import './routing.css';
import { RoutingTabs } from './routing-tabs.tsx';

const unreadableHere = ['monitor'] as const;

/** Silence is an alert: jobs that call their address, and when each has to again. */
export function MonitorsScreen({ params }: ScreenProps) {
  const table = useTable('monitor');
  const ready = useReplica((state) => state.ready);
  const fresh = useFreshness();
  const cannot = useCanWrite('monitor');
  const now = useServerNow();
  const [deleting, setDeleting] = useState<Monitor | null>(null);
  const list = useMemo(
    () =>
      [...table.rows.values()].toSorted(
        (a, b) => Number(b.status === 'missed') - Number(a.status === 'missed') || a.name.localeCompare(b.name),
      ),
    [table],
  );
  const wanted = params['id'] ?? null;
  const current = wanted === 'new' ? null : (list.find(({ id }) => id === wanted) ?? list[0]);
  const place = list.findIndex(({ id }) => id === current?.id);
  const go = (by: number): void => {
    const next = list[Math.max(0, Math.min(list.length - 1, place + by))];
    if (next !== undefined) navigate(paths.monitor(next.id));
  };
  useCommands([...besideCommands(go, list.length)]);
  if (!ready) return null;
  return (
    <div className={wanted === null ? 'grouping' : 'grouping editing'}>
      <section className="grouping-left" aria-label="Heartbeats">
        <header className="grouping-head">
          <TitleLevel value={wanted === null ? 1 : 2}>
            <Title>Routing</Title>
          </TitleLevel>
          <span className="small-text muted">
            <Freshness value={fresh} bare />
          </span>
          <span className="grow" />
          <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.monitor('new'))}>
            New heartbeat
          </Button>
        </header>
        <UnreadableDocuments kinds={unreadableHere} />
        <div className="routing-switch">
          <RoutingTabs current="monitors" />
        </div>
        <p className="grouping-about">A job calls its address. When it stops, that is an alert like any other.</p>
        {list.length === 0 ? (
          <div className="screen-pad">
            <Empty
              title="No job is watched yet"
              actions={
                <Button unavailable={cannot} onPress={() => navigate(paths.monitor('new'))}>
                  Watch the first one
                </Button>
              }
            >
              Backups, certificate renewals, the Watchdog alert of a Prometheus: what must keep calling.
            </Empty>
          </div>
        ) : (
          <ul className="rule-list" aria-label="Heartbeat monitors">
            {list.map((monitor) => {
              const { mark, words } = monitorState(monitor, now);
              return (
                <li key={monitor.id} className={`rule-item ${monitor.id === current?.id ? 'focused' : ''}`}>
                  {mark === 'failed' ? (
                    <Mark kind={monitor.severity} size="small" label={words} />
                  ) : (
                    <Mark kind={mark} size="small" label={words} />
                  )}
                  <a
                    className="rule-link"
                    href={paths.monitor(monitor.id)}
                    aria-current={monitor.id === current?.id ? 'true' : undefined}
                  >
                    <span className="clip medium">{monitor.name}</span>
                    <span className="small-text muted clip">
                      {words}
                      {monitor.lastBeatAt === null
                        ? ''
                        : `, last call ${shortAgo(now - Date.parse(monitor.lastBeatAt))} ago`}
                    </span>
                    <span className="small-text faint clip tabular">{dueWords(monitor, now)}</span>
                  </a>
                  <span />
                </li>
              );
            })}
          </ul>
        )}
      </section>
      <section className="grouping-right" aria-label="Heartbeat">
        <TitleLevel value={wanted === null ? 2 : 1}>
          {current === undefined ? null : (
            <MonitorEditor key={current?.id ?? 'new'} monitor={current} onDelete={() => setDeleting(current)} />
          )}
        </TitleLevel>
      </section>
      {deleting === null ? null : (
        <DeleteDocument
          kind="monitor"
          id={deleting.id}
          title={`Delete the heartbeat ${deleting.name}?`}
          back={paths.monitor()}
          onClose={() => setDeleting(null)}
        >
          Its address stops working, and its silence is no alert any more.
        </DeleteDocument>
      )}
    </div>
  );
}

function dueWords({ status, dueAt }: Monitor, now: number): string {
  if (dueAt === null || status === 'off') return '';
  const left = Date.parse(dueAt) - now;
  return left >= 0 ? `next due in ${shortAgo(left)}` : `was due ${shortAgo(-left)} ago`;
}
