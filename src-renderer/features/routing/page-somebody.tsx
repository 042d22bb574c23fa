import { useState } from 'react';
import type { PolicyDraft } from '#server/contract/policy.ts';
import { t } from '../../language/words.ts';
import { useMe, useSession, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';
import { byName } from '../../by-name.ts';

/** The catch-all pages nobody: said prominently, with one press to mend it. The route itself is saved by its editor. */
export function PageSomebody({ onChoose }: { onChoose: (policyId: string) => void }) {
  const me = useMe();
  const { uuid } = useSession();
  const policies = useTable('policy');
  const cannot = useCanWrite('policy');
  const { save, busy } = useDocumentActions();
  const [refusal, setRefusal] = useState<string | null>(null);
  const list = [...policies.rows.values()].toSorted((a, b) => byName(a.name, b.name));

  const pageMe = async (): Promise<void> => {
    setRefusal(null);
    const draft: PolicyDraft = {
      name: t`Page ${me.name}`,
      description: t`Made from Routing, so that nothing is missed until there is a schedule.`,
      teamId: null,
      steps: [
        {
          id: uuid(),
          targets: [{ type: 'user', id: me.id }],
          roundRobin: false,
          delayMinutes: 5,
          when: { severities: [], hours: 'any' },
          priority: 'by-route',
        },
      ],
      repeat: 3,
      acknowledgementsNeeded: 1,
      pageAgain: 'severity-rises',
      workingHours: null,
    };
    const saved = await save({ kind: 'policy', draft }, null);
    if (saved.outcome === 'refused') return setRefusal(saved.reason);
    onChoose(saved.id);
  };

  return (
    <div className="paging-nobody" role="status">
      <Icon name="refused" />
      <div className="stack grow">
        <b>{t`What no other route takes pages nobody.`}</b>
        <span className="small-text muted">
          {t`It is written to the ledger, and nobody is told. Choose somebody, then save.`}
        </span>
        <div className="row wrap">
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void pageMe()}>
            {busy ? t`Making the policy…` : t`Page me`}
          </Button>
          {list.length === 0 ? null : (
            <Select
              label={t`Or with a policy`}
              hideLabel
              placeholder={t`or choose a policy…`}
              options={list.map(({ id, name }) => ({ value: id, label: name }))}
              value={null}
              onChange={onChoose}
            />
          )}
        </div>
        <Refusal reason={refusal} what={t`The policy was not made`} />
      </div>
    </div>
  );
}
