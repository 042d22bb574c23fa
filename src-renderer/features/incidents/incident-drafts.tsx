import { useState } from 'react';
import type { ActionOf } from '#server/contract/intent.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useReachable, useReplica, useSession } from '../../session.tsx';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { DeclareDialog } from './declare-dialog.tsx';
import './incident-drafts.css';

interface Draft {
  id: string;
  at: string;
  action: ActionOf<'incident.declare'>;
}

/** Incidents that were to be declared without a network. They are no incidents yet, and say so. */
export function IncidentDrafts() {
  const outbox = useReplica((state) => state.outbox);
  const drafts = outbox.flatMap(({ state, intent: { id, at, action } }): Draft[] =>
    state === 'draft' && action.kind === 'incident.declare' ? [{ id, at, action }] : [],
  );
  if (drafts.length === 0) return null;
  return (
    <section className="incident-drafts" aria-label={t`Drafts of incidents`}>
      {drafts.map((draft) => (
        <DraftRow key={draft.id} draft={draft} />
      ))}
    </section>
  );
}

function DraftRow({ draft }: { draft: Draft }) {
  const { outbox } = useSession().replica;
  const reachable = useReachable();
  const show = useToasts((state) => state.show);
  const [changing, setChanging] = useState(false);
  const { id, at, action } = draft;
  const declare = async () => {
    const taken = await outbox.actNow(id);
    if (taken.ok) navigate(paths.incident(action.incidentId));
    else show({ icon: 'refused', text: t`Not declared, because ${taken.reason}.` });
  };
  return (
    <div className="incident-draft">
      <Mark kind={action.severity} size="small" />
      <div className="two-line">
        <div className="wrap-any">{action.title}</div>
        <div className="small-text muted">
          {rich`${<b>{t`Draft: nobody has been paged.`}</b>} Written ${clockTime(Date.parse(at), true)} UTC on this machine.`}
          {action.impact === null ? null : ` ${action.impact}`}
        </div>
      </div>
      <span className="row">
        <Button
          compact
          look={reachable ? 'primary' : 'plain'}
          unavailable={reachable ? null : t`Declaring needs the server.`}
          onPress={() => void declare()}
        >
          {t`Declare now`}
        </Button>
        <Button compact look="ghost" onPress={() => setChanging(true)}>
          {t`Edit`}
        </Button>
        <Button compact look="ghost" onPress={() => void outbox.discard(id)}>
          {t`Discard`}
        </Button>
      </span>
      {changing ? <DeclareDialog draft={draft} onClose={() => setChanging(false)} /> : null}
    </div>
  );
}
