// What is being written: kept as a draft until the center has taken it, and sent only when the center says so.
import { useState } from 'react';
import { z } from 'zod';
import type { Incident } from '#server/contract/incident.ts';
import type { IntentResult } from '#server/contract/intent.ts';
import { updateCadenceMinutes } from '#server/contract/severity.ts';
import type { StatusUpdate } from '#server/contract/status-update.ts';
import { useEntity, useOfIncident, useSession, useSubmit, useTable } from '../../session.tsx';
import { useDraft } from '../incidents/draft.ts';
import { newestSent, stillThere, type TargetChoice, targetChoices } from './update-facts.ts';

const Choices = z.object({
  statusPages: z.array(z.string()).nullable(),
  lists: z.array(z.string()).nullable(),
  approverId: z.string().nullable(),
  minutes: z.string().nullable(),
});
type Choices = z.infer<typeof Choices>;
const nothingChosen: Choices = { statusPages: null, lists: null, approverId: null, minutes: null };

export interface Composer {
  text: string;
  setText: (text: string) => void;
  choices: TargetChoice[];
  statusPages: string[];
  lists: string[];
  toggle: (target: TargetChoice) => void;
  approverId: string | null;
  setApprover: (id: string | null) => void;
  /** As typed or chosen. */
  minutes: string;
  setMinutes: (minutes: string) => void;
  /** Null while what is written is no number of minutes. */
  nextInMinutes: number | null;
  leaves: boolean;
  ready: boolean;
  busy: boolean;
  /** Why the center did not take it. */
  refusal: string | null;
  /** The update that somebody else posted meanwhile. */
  theirs: { by: string | null; text: string } | null;
  send: (options?: { openly?: boolean }) => Promise<boolean>;
  discard: () => void;
  /** Takes the text of an earlier one up again. */
  takeUp: (update: StatusUpdate) => void;
}

export function useComposer(incident: Incident): Composer {
  const { replica, uuid } = useSession();
  const submit = useSubmit();
  const channels = useTable('channel');
  const stakeholders = useTable('stakeholderList');
  const updates = useOfIncident('statusUpdate', incident.id);
  const [text, setText] = useDraft(`update ${incident.id}`);
  const [stored, setStored] = useDraft(`update ${incident.id} to`);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<Composer['theirs']>(null);
  const approver = useEntity('user', readChoices(stored).approverId);

  const chosen = readChoices(stored);
  const choices = targetChoices(channels.rows.values(), stakeholders.rows.values());
  // Those who read the last one want to read the next.
  const usual = newestSent(updates) ?? { statusPages: [], lists: [] };
  const { statusPages, lists } = stillThere(
    { statusPages: chosen.statusPages ?? usual.statusPages, lists: chosen.lists ?? usual.lists },
    choices,
  );
  const cadence = incident.updateCadenceMinutes ?? updateCadenceMinutes[incident.severity] ?? 30;
  const minutes = chosen.minutes ?? String(cadence);
  const number = Number(minutes);
  const nextInMinutes = Number.isInteger(number) && number >= 1 && number <= 10_080 ? number : null;
  const approverId = approver === undefined || approver.disabled ? null : approver.id;
  const change = (patch: Partial<Choices>): void => setStored(JSON.stringify({ ...chosen, ...patch }));
  const discard = (): void => {
    setText('');
    setStored('');
    setTheirs(null);
    setRefusal(null);
  };

  function settle(result: IntentResult | null, id: string): boolean {
    if (result === null || result.outcome === 'applied' || result.outcome === 'noop') {
      discard();
      return true;
    }
    // Its text is still here, so nothing is left for the outbox to hold.
    void replica.outbox.discard(id);
    if (result.outcome === 'rejected') setRefusal(result.reason);
    else setTheirs({ by: result.by ?? null, text: lastTextOf(result.current) });
    return false;
  }

  return {
    text,
    setText(next) {
      setRefusal(null);
      setText(next);
    },
    choices,
    statusPages,
    lists,
    toggle({ kind, id }) {
      const flip = (ids: readonly string[]) => (ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]);
      change(kind === 'statuspage' ? { statusPages: flip(statusPages), lists } : { statusPages, lists: flip(lists) });
    },
    approverId,
    setApprover: (id) => change({ approverId: id }),
    minutes,
    setMinutes: (next) => change({ minutes: next }),
    nextInMinutes,
    leaves: statusPages.length + lists.length > 0,
    ready: text.trim() !== '' && nextInMinutes !== null && !busy,
    busy,
    refusal,
    theirs,
    async send({ openly = false } = {}) {
      if (text.trim() === '' || nextInMinutes === null || busy) return false;
      setBusy(true);
      setRefusal(null);
      try {
        const submitted = await submit({
          kind: 'incident.post-update',
          incidentId: incident.id,
          entryId: uuid(),
          text: text.trim(),
          nextInMinutes,
          statusPages,
          lists,
          approverId,
          openly,
        });
        if (!submitted.ok) return false;
        return settle(await submitted.settled, submitted.id);
      } finally {
        setBusy(false);
      }
    },
    discard,
    takeUp(update) {
      setText(update.text);
      change({ statusPages: update.statusPages, lists: update.lists });
    },
  };
}

function readChoices(stored: string): Choices {
  try {
    return Choices.parse(JSON.parse(stored));
  } catch {
    return nothingChosen;
  }
}

function lastTextOf(current: unknown): string {
  const last = (current as { lastUpdate?: { text?: unknown } | null } | null)?.lastUpdate;
  return typeof last?.text === 'string' ? last.text : '';
}
