import { useMemo, useState } from 'react';
import type { Inhibition } from '#server/contract/route.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useFreshness, useReplica, useTable } from '../../session.tsx';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { besideCommands } from '../../ui/list-keys.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Title, TitleLevel } from '../../ui/title.tsx';
import { FindingCount } from '../config/finding-list.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { DeleteDocument } from './delete-document.tsx';
import { InhibitionEditor } from './inhibition-editor.tsx';
import './routing.css';
import { RoutingTabs } from './routing-tabs.tsx';

const unreadableHere = ['inhibition'] as const;

/** A symptom is held while its cause pages. `#/inhibitions/new` is one that is not saved yet. */
export function InhibitionsScreen({ params }: ScreenProps) {
  const table = useTable('inhibition');
  const ready = useReplica((state) => state.ready);
  const fresh = useFreshness();
  const cannot = useCanWrite('inhibition');
  const [deleting, setDeleting] = useState<Inhibition | null>(null);
  const list = useMemo(() => [...table.rows.values()].toSorted((a, b) => a.name.localeCompare(b.name)), [table]);
  const wanted = params['id'] ?? null;
  const current = wanted === 'new' ? null : (list.find(({ id }) => id === wanted) ?? list[0]);
  const place = list.findIndex(({ id }) => id === current?.id);
  const go = (by: number): void => {
    const next = list[Math.max(0, Math.min(list.length - 1, place + by))];
    if (next !== undefined) navigate(paths.inhibition(next.id));
  };
  useCommands([...besideCommands(go, list.length)]);
  if (!ready) return null;
  return (
    <div className={wanted === null ? 'grouping' : 'grouping editing'}>
      <section className="grouping-left" aria-label="Inhibitions">
        <header className="grouping-head">
          <TitleLevel value={wanted === null ? 1 : 2}>
            <Title>Routing</Title>
          </TitleLevel>
          <span className="small-text muted">
            <Freshness value={fresh} bare />
          </span>
          <span className="grow" />
          <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.inhibition('new'))}>
            New inhibition
          </Button>
        </header>
        <UnreadableDocuments kinds={unreadableHere} />
        <div className="routing-switch">
          <RoutingTabs current="inhibitions" />
        </div>
        <p className="grouping-about">A symptom waits while its cause is open and pages. The ledger names which.</p>
        {list.length === 0 ? (
          <div className="screen-pad">
            <Empty
              title="Nothing is held back"
              actions={
                <Button unavailable={cannot} onPress={() => navigate(paths.inhibition('new'))}>
                  Make the first one
                </Button>
              }
            >
              When a database is down, its callers need not page too: hold them while the database pages.
            </Empty>
          </div>
        ) : (
          <ul className="rule-list" aria-label="Inhibitions">
            {list.map((inhibition) => (
              <li key={inhibition.id} className={`rule-item ${inhibition.id === current?.id ? 'focused' : ''}`}>
                <span />
                <a
                  className="rule-link"
                  href={paths.inhibition(inhibition.id)}
                  aria-current={inhibition.id === current?.id ? 'true' : undefined}
                >
                  <span className="row">
                    <span className="clip medium">{inhibition.name}</span>
                    {inhibition.enabled ? null : <span className="chip dashed">off</span>}
                    <FindingCount findings={inhibition.findings} />
                  </span>
                  <span className="mono faint clip">{inhibition.cause}</span>
                  <span className="small-text muted clip">
                    holds <span className="mono">{inhibition.symptom}</span>
                  </span>
                </a>
                <span />
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="grouping-right" aria-label="Inhibition">
        <TitleLevel value={wanted === null ? 2 : 1}>
          {current === undefined ? null : (
            <InhibitionEditor key={current?.id ?? 'new'} inhibition={current} onDelete={() => setDeleting(current)} />
          )}
        </TitleLevel>
      </section>
      {deleting === null ? null : (
        <DeleteDocument
          kind="inhibition"
          id={deleting.id}
          title={`Delete the inhibition ${deleting.name}?`}
          back={paths.inhibition()}
          onClose={() => setDeleting(null)}
        >
          What it holds at this moment pages within a second, if it is still unacknowledged.
        </DeleteDocument>
      )}
    </div>
  );
}
