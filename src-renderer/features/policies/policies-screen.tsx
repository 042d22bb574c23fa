import { useMemo, useState } from 'react';
import type { Policy } from '#server/contract/policy.ts';
import { plural, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useReplica, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Button } from '../../ui/button.tsx';
import { DeleteDocument } from '../config/delete-document.tsx';
import { DocumentList } from '../config/document-list.tsx';
import { FindingCount } from '../config/finding-list.tsx';
import { ListAndEditor, useChosen } from '../config/list-and-editor.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { byName } from '../../by-name.ts';
import './policies.css';
import { PolicyEditor } from './policy-editor.tsx';
import { stepWords } from './policy-words.ts';
import { useTargetWorld } from './use-target-world.ts';

const unreadableHere = ['policy'] as const;

/** Every policy with whom it would page first at this moment; `#/policies/new` is one that is not saved yet. */
export function PoliciesScreen({ params }: ScreenProps) {
  const ready = useReplica((state) => state.ready);
  const policies = useTable('policy');
  const routes = useTable('route');
  const cannot = useCanWrite('policy');
  const world = useTargetWorld();
  const minute = useServerStep(60_000);
  const [deleting, setDeleting] = useState<Policy | null>(null);
  const list = useMemo(() => [...policies.rows.values()].toSorted((a, b) => byName(a.name, b.name)), [policies]);
  const wanted = params['id'] ?? null;
  const current = useChosen(list, wanted, paths.policy);
  if (!ready) return null;
  return (
    <ListAndEditor
      heading={t`Policies`}
      listLabel={t`Escalation policies`}
      editorLabel={t`Policy`}
      wanted={wanted}
      action={
        <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.policy('new'))}>
          {t`New policy`}
        </Button>
      }
      above={<UnreadableDocuments kinds={unreadableHere} />}
      list={
        <DocumentList
          kind="policy"
          label={t`Policies`}
          rows={list}
          current={current?.id ?? null}
          pathOf={paths.policy}
          cannotMake={cannot}
          none={{
            title: t`There is no policy yet`,
            make: t`New policy`,
            words: t`A policy says who is paged first, and who after how long when nobody acknowledges. Until a route names one, incidents page nobody.`,
          }}
        >
          {(policy) => {
            const first = policy.steps[0];
            const used = [...routes.rows.values()].filter(({ policyId }) => policyId === policy.id).length;
            return (
              <>
                <span className="row">
                  <span className="clip medium">{policy.name}</span>
                  <FindingCount findings={policy.findings} />
                </span>
                <span className="small-text muted clip">
                  {first === undefined ? t`first nobody` : t`first ${stepWords(first, world, minute)}`}
                </span>
                <span className="small-text faint">
                  {used === 0
                    ? t`${plural(policy.steps.length, { one: '1 step', other: '# steps' })}, no route uses it`
                    : t`${plural(policy.steps.length, { one: '1 step', other: '# steps' })}, ${plural(used, { one: '1 route', other: '# routes' })}`}
                </span>
              </>
            );
          }}
        </DocumentList>
      }
      editor={
        current === undefined ? null : (
          <PolicyEditor key={current?.id ?? 'new'} policy={current} onDelete={() => setDeleting(current)} />
        )
      }
      dialog={deleting === null ? null : <DeletePolicy policy={deleting} onClose={() => setDeleting(null)} />}
    />
  );
}

function DeletePolicy({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  return (
    <DeleteDocument
      kind="policy"
      id={policy.id}
      title={t`Delete the policy ${policy.name}?`}
      back={paths.policies()}
      onClose={onClose}
    >
      {t`No route uses it. Escalations that run with it stop at their next step and say so.`}
    </DeleteDocument>
  );
}
