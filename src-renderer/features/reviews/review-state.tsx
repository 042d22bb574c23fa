import type { Incident } from '#server/contract/incident.ts';
import type { Postmortem } from '#server/contract/postmortem.ts';
import { reviewStates } from '#server/contract/postmortem.ts';
import { t } from '../../language/words.ts';
import { useCan, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import type { Command } from '../../ui/commands.ts';
import { Menu } from '../../ui/menu.tsx';
import { reviewStateWords, stateOf } from './review-facts.ts';

const moves = {
  draft: t`Take it back to a draft`,
  'in-review': t`Give it to the others to read`,
  done: t`Close it`,
} as const;

/** Each place a review can go to, as a command: the menu and the palette run the same. */
export function useReviewStates(incident: Incident, review: Postmortem | null): Command[] {
  const can = useCan();
  const submit = useSubmit();
  return reviewStates.map((state) => ({
    id: `review.${state}`,
    keys: null,
    label: moves[state],
    keywords: 'review state',
    unavailable:
      review === null
        ? t`nothing is written yet`
        : stateOf(review) === state
          ? t`it stands so already`
          : can('postmortem.set-state', incident),
    run: () => void submit({ kind: 'postmortem.set-state', incidentId: incident.id, state }),
  }));
}

export function ReviewStateMenu({ review, commands }: { review: Postmortem | null; commands: readonly Command[] }) {
  return (
    <Menu
      label={t`Where the review stands`}
      trigger={<Button icon="chevron-down">{reviewStateWords[stateOf(review)]}</Button>}
      actions={commands.map(({ id, label, run, unavailable = null }) => ({ id, label, run, unavailable }))}
    />
  );
}
