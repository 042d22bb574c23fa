import { useMemo, useState } from 'react';
import type { Policy } from '#server/contract/policy.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useFreshness, useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Title, TitleLevel } from '../../ui/title.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { FindingCount } from '../config/finding-list.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';
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
  const freshness = useFreshness();
  const cannot = useCanWrite('policy');
  const world = useTargetWorld();
  const minute = Math.floor(useServerNow() / 60_000) * 60_000;
  const [deleting, setDeleting] = useState<Policy | null>(null);
  const list = useMemo(() => [...policies.rows.values()].toSorted((a, b) => a.name.localeCompare(b.name)), [policies]);
  const wanted = params['id'] ?? null;
  const current = wanted === 'new' ? null : (list.find(({ id }) => id === wanted) ?? list[0]);
  if (!ready) return null;
  return (
    <div className={wanted === null ? 'policies' : 'policies editing'}>
      <section className="policies-left" aria-label="Escalation policies">
        <header className="policies-head">
          <TitleLevel value={wanted === null ? 1 : 2}>
            <Title className="title">Policies</Title>
          </TitleLevel>
          <span className="small-text muted">
            <Freshness value={freshness} bare />
          </span>
          <span className="grow" />
          <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.policy('new'))}>
            New policy
          </Button>
        </header>
        <UnreadableDocuments kinds={unreadableHere} />
        {list.length === 0 ? (
          <div className="policies-none">
            <Empty title="There is no policy yet">
              A policy says who is paged first, and who after how long when nobody acknowledges. Until a route names
              one, incidents page nobody.
            </Empty>
          </div>
        ) : (
          <ul className="policies-list" aria-label="Policies">
            {list.map((policy) => {
              const first = policy.steps[0];
              const used = [...routes.rows.values()].filter(({ policyId }) => policyId === policy.id).length;
              return (
                <li key={policy.id} className={policy.id === current?.id ? 'focused' : undefined}>
                  <a
                    href={paths.policy(policy.id)}
                    aria-current={policy.id === current?.id ? 'true' : undefined}
                    className="policy-link"
                  >
                    <span className="row">
                      <span className="clip medium">{policy.name}</span>
                      <FindingCount findings={policy.findings} />
                    </span>
                    <span className="small-text muted clip">
                      first {first === undefined ? 'nobody' : stepWords(first, world, minute)}
                    </span>
                    <span className="small-text faint">
                      {policy.steps.length === 1 ? '1 step' : `${policy.steps.length} steps`},{' '}
                      {used === 0 ? 'no route uses it' : used === 1 ? '1 route' : `${used} routes`}
                    </span>
                  </a>
                </li>
              );
            })}
          </ul>
        )}
      </section>
      <section className="policies-right" aria-label="Policy">
        <TitleLevel value={wanted === null ? 2 : 1}>
          {current === undefined ? (
            wanted === null ? null : (
              <PolicyEditor key="new" policy={null} onDelete={() => undefined} />
            )
          ) : (
            <PolicyEditor
              key={current?.id ?? 'new'}
              policy={current}
              onDelete={() => {
                if (current !== null) setDeleting(current);
              }}
            />
          )}
        </TitleLevel>
      </section>
      {deleting === null ? null : <DeletePolicy policy={deleting} onClose={() => setDeleting(null)} />}
    </div>
  );
}

function DeletePolicy({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const { remove, busy } = useDocumentActions();
  const cannot = useCanWrite('policy');
  const routes = [...useTable('route').rows.values()].filter(({ policyId }) => policyId === policy.id);
  const [refusal, setRefusal] = useState<string | null>(null);
  const run = async (): Promise<void> => {
    const removed = await remove('policy', policy.id);
    if (removed.outcome === 'refused') return setRefusal(removed.reason);
    onClose();
    navigate(paths.policies());
  };
  return (
    <Dialog
      title={`Delete the policy ${policy.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void run()}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        {routes.length === 0
          ? 'No route uses it. Escalations that run with it stop at their next step and say so.'
          : `These routes use it: ${routes.map(({ name }) => name).join(', ')}. What they take would page nobody.`}
      </p>
      <Refusal reason={refusal} what="It was not deleted" />
    </Dialog>
  );
}
