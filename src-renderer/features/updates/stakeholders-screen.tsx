import '../routing/routing.css';
import { useMemo, useState } from 'react';
import type { StakeholderList } from '#server/contract/stakeholder.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useFreshness, useReplica, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { besideCommands } from '../../ui/list-keys.ts';
import { Title, TitleLevel } from '../../ui/title.tsx';
import { FindingCount } from '../config/finding-list.tsx';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { DeleteDocument } from '../routing/delete-document.tsx';
import { StakeholderEditor } from './stakeholder-editor.tsx';
import { listWords } from './stakeholder-words.ts';

const unreadableHere = ['stakeholderList'] as const;

/** Who reads status updates without working on incidents. `#/stakeholders/new` is one that is not saved yet. */
export function StakeholdersScreen({ params }: ScreenProps) {
  const table = useTable('stakeholderList');
  const channels = useTable('channel');
  const ready = useReplica((state) => state.ready);
  const fresh = useFreshness();
  const cannot = useCanWrite('stakeholderList');
  const [deleting, setDeleting] = useState<StakeholderList | null>(null);
  const list = useMemo(() => [...table.rows.values()].toSorted((a, b) => a.name.localeCompare(b.name)), [table]);
  const wanted = params['id'] ?? null;
  const current = wanted === 'new' ? null : (list.find(({ id }) => id === wanted) ?? list[0]);
  const place = list.findIndex(({ id }) => id === current?.id);
  const go = (by: number): void => {
    const next = list[Math.max(0, Math.min(list.length - 1, place + by))];
    if (next !== undefined) navigate(paths.stakeholders(next.id));
  };
  useCommands([...besideCommands(go, list.length)]);
  if (!ready) return null;
  return (
    <div className={wanted === null ? 'grouping' : 'grouping editing'}>
      <section className="grouping-left" aria-label="Stakeholder lists">
        <header className="grouping-head">
          <TitleLevel value={wanted === null ? 1 : 2}>
            <Title>Stakeholders</Title>
          </TitleLevel>
          <span className="small-text muted">
            <Freshness value={fresh} bare />
          </span>
          <span className="grow" />
          <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.stakeholders('new'))}>
            New list
          </Button>
        </header>
        <UnreadableDocuments kinds={unreadableHere} />
        <p className="grouping-about">Readers of status updates: each gets a mail of their own, and nobody is paged.</p>
        {list.length === 0 ? (
          <div className="screen-pad">
            <Empty
              title="Nobody is told by mail"
              actions={
                <Button unavailable={cannot} onPress={() => navigate(paths.stakeholders('new'))}>
                  Make the first list
                </Button>
              }
            >
              Support, sales or a customer want to know how an incident goes without being in its room. Put them on a
              list, and an update can go to them with one press.
            </Empty>
          </div>
        ) : (
          <ul className="rule-list" aria-label="Stakeholder lists">
            {list.map((each) => (
              <li key={each.id} className={`rule-item ${each.id === current?.id ? 'focused' : ''}`}>
                <span />
                <a
                  className="rule-link"
                  href={paths.stakeholders(each.id)}
                  aria-current={each.id === current?.id ? 'true' : undefined}
                >
                  <span className="row">
                    <span className="clip medium">{each.name}</span>
                    <FindingCount findings={each.findings} />
                  </span>
                  <span className="small-text muted clip">
                    {listWords(each)}, through {channels.rows.get(each.channelId)?.name ?? 'a channel that is gone'}
                  </span>
                  {each.description === '' ? null : <span className="small-text faint clip">{each.description}</span>}
                </a>
                <span />
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="grouping-right" aria-label="Stakeholder list">
        <TitleLevel value={wanted === null ? 2 : 1}>
          {current === undefined ? null : (
            <StakeholderEditor key={current?.id ?? 'new'} list={current} onDelete={() => setDeleting(current)} />
          )}
        </TitleLevel>
      </section>
      {deleting === null ? null : (
        <DeleteDocument
          kind="stakeholderList"
          id={deleting.id}
          title={`Delete the list ${deleting.name}?`}
          back={paths.stakeholders()}
          onClose={() => setDeleting(null)}
        >
          Its readers get no more updates. What is on its way to them arrives.
        </DeleteDocument>
      )}
    </div>
  );
}
