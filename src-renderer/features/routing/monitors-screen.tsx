import { useMemo, useState } from 'react';
import type { Monitor } from '#server/contract/route.ts';
import { byName } from '../../by-name.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { shortAgo } from '../../ui/time.tsx';
import { DeleteDocument } from '../config/delete-document.tsx';
import { DocumentList } from '../config/document-list.tsx';
import { ListAndEditor, useChosen } from '../config/list-and-editor.tsx';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { MonitorEditor } from './monitor-editor.tsx';
import { monitorState } from './route-words.ts';
import './routing.css';
import { RoutingTabs } from './routing-tabs.tsx';

const unreadableHere = ['monitor'] as const;

/** Silence is an alert: jobs that call their address, and when each has to again. */
export function MonitorsScreen({ params }: ScreenProps) {
  const table = useTable('monitor');
  const ready = useReplica((state) => state.ready);
  const cannot = useCanWrite('monitor');
  const now = useServerNow();
  const [deleting, setDeleting] = useState<Monitor | null>(null);
  const list = useMemo(
    () =>
      [...table.rows.values()].toSorted(
        (a, b) => Number(b.status === 'missed') - Number(a.status === 'missed') || byName(a.name, b.name),
      ),
    [table],
  );
  const wanted = params['id'] ?? null;
  const current = useChosen(list, wanted, paths.monitor);
  if (!ready) return null;
  return (
    <ListAndEditor
      heading={t`Routing`}
      listLabel={t`Heartbeats`}
      editorLabel={t`Heartbeat`}
      wanted={wanted}
      action={
        <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.monitor('new'))}>
          {t`New heartbeat`}
        </Button>
      }
      above={
        <>
          <UnreadableDocuments kinds={unreadableHere} />
          <RoutingTabs current="monitors" />
        </>
      }
      about={t`A job calls its address. When it stops, that is an alert like any other.`}
      list={
        <DocumentList
          kind="monitor"
          label={t`Heartbeat monitors`}
          rows={list}
          current={current?.id ?? null}
          pathOf={paths.monitor}
          cannotMake={cannot}
          none={{
            title: t`No job is watched yet`,
            make: t`Watch the first one`,
            words: t`Backups, certificate renewals, the Watchdog alert of a Prometheus: what must keep calling.`,
          }}
          mark={(monitor) => {
            const { mark, words } = monitorState(monitor, now);
            return <Mark kind={mark === 'failed' ? monitor.severity : mark} size="small" label={words} />;
          }}
        >
          {(monitor) => (
            <>
              <span className="clip medium">{monitor.name}</span>
              <span className="small-text muted clip">
                {monitor.lastBeatAt === null
                  ? monitorState(monitor, now).words
                  : t`${monitorState(monitor, now).words}, last call ${shortAgo(now - Date.parse(monitor.lastBeatAt))} ago`}
              </span>
              <span className="small-text faint clip tabular">{dueWords(monitor, now)}</span>
            </>
          )}
        </DocumentList>
      }
      editor={
        current === undefined ? null : (
          <MonitorEditor key={current?.id ?? 'new'} monitor={current} onDelete={() => setDeleting(current)} />
        )
      }
      dialog={
        deleting === null ? null : (
          <DeleteDocument
            kind="monitor"
            id={deleting.id}
            title={t`Delete the heartbeat ${deleting.name}?`}
            back={paths.monitor()}
            onClose={() => setDeleting(null)}
          >
            {t`Its address stops working, and its silence is no alert any more.`}
          </DeleteDocument>
        )
      }
    />
  );
}

function dueWords({ status, dueAt }: Monitor, now: number): string {
  if (dueAt === null || status === 'off') return '';
  const left = Date.parse(dueAt) - now;
  return left >= 0 ? t`next due in ${shortAgo(left)}` : t`was due ${shortAgo(-left)} ago`;
}
