import '../routing/routing.css';
import { useMemo, useState } from 'react';
import type { StakeholderList } from '#server/contract/stakeholder.ts';
import { byName } from '../../by-name.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useReplica, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { DeleteDocument } from '../config/delete-document.tsx';
import { DocumentList } from '../config/document-list.tsx';
import { FindingCount } from '../config/finding-list.tsx';
import { ListAndEditor, useChosen } from '../config/list-and-editor.tsx';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { StakeholderEditor } from './stakeholder-editor.tsx';
import { listWords } from './stakeholder-words.ts';

const unreadableHere = ['stakeholderList'] as const;

/** Who reads status updates without working on incidents. `#/stakeholders/new` is one that is not saved yet. */
export function StakeholdersScreen({ params }: ScreenProps) {
  const table = useTable('stakeholderList');
  const channels = useTable('channel');
  const ready = useReplica((state) => state.ready);
  const cannot = useCanWrite('stakeholderList');
  const [deleting, setDeleting] = useState<StakeholderList | null>(null);
  const list = useMemo(() => [...table.rows.values()].toSorted((a, b) => byName(a.name, b.name)), [table]);
  const wanted = params['id'] ?? null;
  const current = useChosen(list, wanted, paths.stakeholders);
  if (!ready) return null;
  return (
    <ListAndEditor
      heading={t`Stakeholders`}
      listLabel={t`Stakeholder lists`}
      editorLabel={t`Stakeholder list`}
      wanted={wanted}
      action={
        <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.stakeholders('new'))}>
          {t`New list`}
        </Button>
      }
      above={<UnreadableDocuments kinds={unreadableHere} />}
      about={t`Readers of status updates: each gets a mail of their own, and nobody is paged.`}
      list={
        <DocumentList
          kind="stakeholderList"
          label={t`Stakeholder lists`}
          rows={list}
          current={current?.id ?? null}
          pathOf={paths.stakeholders}
          cannotMake={cannot}
          none={{
            title: t`Nobody is told by mail`,
            make: t`Make the first list`,
            words: t`Support, sales or a customer want to know how an incident goes without being in its room. Put them on a list, and an update can go to them with one press.`,
          }}
        >
          {(each) => (
            <>
              <span className="row">
                <span className="clip medium">{each.name}</span>
                <FindingCount findings={each.findings} />
              </span>
              <span className="small-text muted clip">
                {t`${listWords(each)}, through ${channels.rows.get(each.channelId)?.name ?? t`a channel that is gone`}`}
              </span>
              {each.description === '' ? null : <span className="small-text faint clip">{each.description}</span>}
            </>
          )}
        </DocumentList>
      }
      editor={
        current === undefined ? null : (
          <StakeholderEditor key={current?.id ?? 'new'} list={current} onDelete={() => setDeleting(current)} />
        )
      }
      dialog={
        deleting === null ? null : (
          <DeleteDocument
            kind="stakeholderList"
            id={deleting.id}
            title={t`Delete the list ${deleting.name}?`}
            back={paths.stakeholders()}
            onClose={() => setDeleting(null)}
          >
            {t`Its readers get no more updates. What is on its way to them arrives.`}
          </DeleteDocument>
        )
      }
    />
  );
}
