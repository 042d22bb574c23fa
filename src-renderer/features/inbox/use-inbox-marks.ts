import type { InboxMarks } from '#server/contract/preference.ts';
import { t } from '../../language/words.ts';
import { usePreferenceValues } from '../../preference.ts';
import { useSession, useSubmit } from '../../session.tsx';
import { serverNow } from '../../time.ts';
import { useToasts } from '../../ui/toast.tsx';
import { rememberDone } from '../../undo.ts';
import { allRead, type Marked, withRead } from './inbox-marks.ts';

export interface InboxMarking {
  marks: InboxMarks;
  mark: (items: readonly Marked[], read: boolean) => void;
  /** Everything there is now; taken back from its notice, or as any action is. */
  markAll: () => void;
}

export function useInboxMarks(): InboxMarking {
  const { me } = useSession();
  const submit = useSubmit();
  const show = useToasts((state) => state.show);
  const { inbox: marks } = usePreferenceValues();
  const action = (next: InboxMarks) =>
    ({ kind: 'preference.set', userId: me.id, setting: { name: 'inbox', marks: next } }) as const;
  return {
    marks,
    mark: (items, read) => void submit(action(withRead(marks, items, read))),
    markAll() {
      const all = action(allRead(serverNow()));
      void submit(all).then((submitted) => {
        if (!submitted.ok) return;
        rememberDone({ id: submitted.id, action: all, inverse: action(marks) });
        show({
          text: t`Everything in your inbox is read.`,
          action: { label: t`Undo`, run: () => void submit(action(marks)) },
        });
      });
    },
  };
}
