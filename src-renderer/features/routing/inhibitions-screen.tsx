import { useMemo, useState } from 'react';
import type { Inhibition } from '#server/contract/route.ts';
import { byName } from '../../by-name.ts';
import { rich } from '../../language/rich.ts';
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
import { InhibitionEditor } from './inhibition-editor.tsx';
import './routing.css';
import { RoutingTabs } from './routing-tabs.tsx';

const unreadableHere = ['inhibition'] as const;

/** A symptom is held while its cause pages. `#/inhibitions/new` is one that is not saved yet. */
export function InhibitionsScreen({ params }: ScreenProps) {
  const table = useTable('inhibition');
  const ready = useReplica((state) => state.ready);
  const cannot = useCanWrite('inhibition');
  const [deleting, setDeleting] = useState<Inhibition | null>(null);
  const list = useMemo(() => [...table.rows.values()].toSorted((a, b) => byName(a.name, b.name)), [table]);
  const wanted = params['id'] ?? null;
  const current = useChosen(list, wanted, paths.inhibition);
  if (!ready) return null;
  return (
    <ListAndEditor
      heading={t`Routing`}
      listLabel={t`Inhibitions`}
      editorLabel={t`Inhibition`}
      wanted={wanted}
      action={
        <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.inhibition('new'))}>
          {t`New inhibition`}
        </Button>
      }
      above={
        <>
          <UnreadableDocuments kinds={unreadableHere} />
          <RoutingTabs current="inhibitions" />
        </>
      }
      about={t`A symptom waits while its cause is open and pages. The ledger names which.`}
      list={
        <DocumentList
          kind="inhibition"
          label={t`Inhibitions`}
          rows={list}
          current={current?.id ?? null}
          pathOf={paths.inhibition}
          cannotMake={cannot}
          none={{
            title: t`Nothing is held back`,
            make: t`Make the first one`,
            words: t`When a database is down, its callers need not page too: hold them while the database pages.`,
          }}
        >
          {(inhibition) => (
            <>
              <span className="row">
                <span className="clip medium">{inhibition.name}</span>
                {inhibition.enabled ? null : <span className="chip dashed">{t`off`}</span>}
                <FindingCount findings={inhibition.findings} />
              </span>
              <span className="mono faint clip">{inhibition.cause}</span>
              <span className="small-text muted clip">
                {rich`holds ${<span className="mono">{inhibition.symptom}</span>}`}
              </span>
            </>
          )}
        </DocumentList>
      }
      editor={
        current === undefined ? null : (
          <InhibitionEditor key={current?.id ?? 'new'} inhibition={current} onDelete={() => setDeleting(current)} />
        )
      }
      dialog={
        deleting === null ? null : (
          <DeleteDocument
            kind="inhibition"
            id={deleting.id}
            title={t`Delete the inhibition ${deleting.name}?`}
            back={paths.inhibition()}
            onClose={() => setDeleting(null)}
          >
            {t`What it holds at this moment pages within a second, if it is still unacknowledged.`}
          </DeleteDocument>
        )
      }
    />
  );
}
