import { useState } from 'react';
import { plural, t } from '../../language/words.ts';
import type { UnreadItem } from '../../replica/storage.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Mark } from '../../ui/mark.tsx';
import { saveFile } from '../../ui/save-file.ts';

type Delete = (ids: readonly string[]) => void;

/** Actions that are stored here and that this version can neither show nor send: kept, said, and a person's to delete. */
export function UnreadActions({ items, onDelete }: { items: readonly UnreadItem[]; onDelete: Delete }) {
  return (['damaged', 'newer', 'shut'] as const).map((why) => {
    const those = items.filter((item) => item.why === why);
    return those.length === 0 ? null : <UnreadKind key={why} why={why} items={those} onDelete={onDelete} />;
  });
}

function UnreadKind({
  why,
  items,
  onDelete,
}: {
  why: UnreadItem['why'];
  items: readonly UnreadItem[];
  onDelete: Delete;
}) {
  const [asking, setAsking] = useState(false);
  const { title, what } = wordsOf(why, items.length);
  return (
    <section className="outbox-unread" aria-label={title}>
      <Mark kind="unknown" label={t`Not readable here`} />
      <div className="two-line">
        <div className="strong">{title}</div>
        <p className="small-text muted">{what}</p>
        {why === 'shut' ? null : (
          <div className="row outbox-choice">
            <Button compact onPress={() => saveFile('tocsin-outbox.json', asFile(items), 'application/json')}>
              {t`Save as a file`}
            </Button>
            <Button compact look="ghost" onPress={() => setAsking(true)}>
              {t`Delete…`}
            </Button>
          </div>
        )}
      </div>
      <Dialog
        title={t`Delete what cannot be read?`}
        open={asking}
        onClose={() => setAsking(false)}
        foot={
          <>
            <Button onPress={() => setAsking(false)}>{t`Keep it`}</Button>
            <Button
              look="primary"
              onPress={() => {
                onDelete(items.map(({ id }) => id));
                setAsking(false);
              }}
            >
              {t`Delete`}
            </Button>
          </>
        }
      >
        <p>{what}</p>
        <p>{t`What is deleted is never sent, and cannot be brought back.`}</p>
      </Dialog>
    </section>
  );
}

function wordsOf(why: UnreadItem['why'], count: number): { title: string; what: string } {
  switch (why) {
    case 'damaged':
      return {
        title: t`${plural(count, { one: '1 damaged action', other: '# damaged actions' })}`,
        what: t`Both copies on this machine are damaged, so nothing of this can be sent. Save what is left, do it again if it still matters, then delete what is here.`,
      };
    case 'newer':
      return {
        title: t`${plural(count, { one: '1 action of a newer version', other: '# actions of a newer version' })}`,
        what: t`Made by a newer version of this client. They stay on this machine and go out when that version is opened here: update or reload the client.`,
      };
    case 'shut':
      return {
        title: t`The outbox could not be opened`,
        what: t`What waits in it is neither shown nor sent, and is not deleted. Close every window of this client and open it again.`,
      };
  }
}

/** As it is stored: a text that is damaged is no JSON any more. */
function asFile(items: readonly UnreadItem[]): string {
  return JSON.stringify(items, null, 2);
}
