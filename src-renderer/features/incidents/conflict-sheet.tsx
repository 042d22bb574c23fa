import { useState } from 'react';
import { t } from '../../language/words.ts';
import type { OutboxItem } from '../../replica/outbox/outbox.ts';
import { useMe, useNameOf, useSession } from '../../session.tsx';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { conflictWords } from './conflict-words.ts';

/** "by Mara Lindqvist, 14:28:05", as far as the server or the entity can tell. */
function theirsBy({ theirs, current }: OutboxItem, nameOf: (id: string | null) => string): string {
  const entity: Record<string, unknown> = typeof current === 'object' && current !== null ? { ...current } : {};
  const field = (name: string): string | null => (typeof entity[name] === 'string' ? entity[name] : null);
  const updatedBy = field('updatedBy');
  const by = theirs?.by ?? (updatedBy === null ? null : nameOf(updatedBy));
  const at = theirs?.at ?? field('updatedAt');
  const when = at === null ? null : clockTime(Date.parse(at), true);
  if (by === null) return when === null ? t`on the server now` : t`on the server since ${when}`;
  return when === null ? t`by ${by}` : t`by ${by}, ${when}`;
}

interface ConflictSheetProps {
  items: readonly OutboxItem[];
  onDecided?: (item: OutboxItem, stays: 'theirs' | 'mine') => void;
}

/** Characters; what is longer has a line of its own, above its button. */
const lineOfASide = 60;

/** Theirs and mine weigh the same; nothing is merged or dropped without a person. */
export function ConflictSheet({ items, onDecided }: ConflictSheetProps) {
  const me = useMe();
  const nameOf = useNameOf();
  const { outbox } = useSession().replica;
  const [later, setLater] = useState<string | null>(null);
  const item = items.find((each) => each.intent.id !== later) ?? null;
  const keep = () => {
    if (item === null) return;
    void outbox.discard(item.intent.id);
    onDecided?.(item, 'theirs');
  };
  const apply = () => {
    if (item === null) return;
    void outbox.applyAgain(item.intent.id);
    onDecided?.(item, 'mine');
  };
  useCommands(
    item === null
      ? []
      : [
          { id: 'conflict.theirs', label: t`keep theirs`, hint: true, run: keep },
          { id: 'conflict.mine', label: t`apply mine again`, hint: true, run: apply },
          { id: 'back', label: t`decide later`, hint: true, run: () => setLater(item.intent.id) },
        ],
  );
  if (item === null) return null;
  const words = conflictWords(item.intent.action, item.current, nameOf);
  const long = Math.max(words.theirs.length, words.mine.length) > lineOfASide;
  const said = long ? 'conflict-said long' : 'conflict-said strong';
  return (
    <div className="conflict" role="region" aria-label={t`Conflict`}>
      <div className="row">
        <span className="strong grow">{words.question}</span>
        <span className="small-text muted">{t`${items.indexOf(item) + 1} of ${items.length}`}</span>
      </div>
      <p className="small-text muted">
        {item.reason ?? t`Somebody changed the same thing since you saw it. The server kept theirs and asks you.`}
      </p>
      <div className="conflict-sides">
        <div className="conflict-side">
          <div className="small-text faint">{t`Theirs, ${theirsBy(item, nameOf)}`}</div>
          <div className="row">
            <span className={said}>{words.theirs}</span>
            <Button command="conflict.theirs" onPress={keep}>
              {t`Keep theirs`}
            </Button>
          </div>
        </div>
        <div className="conflict-side">
          <div className="small-text faint">{t`Mine, made ${clockTime(Date.parse(item.intent.at), true)}`}</div>
          <div className="row">
            <span className={said}>{words.mine === me.name ? t`You` : words.mine}</span>
            <Button command="conflict.mine" onPress={apply}>
              {t`Apply mine again`}
            </Button>
          </div>
        </div>
      </div>
      {'incidentId' in item.intent.action ? (
        <p className="small-text muted">{t`Either way both stay on the timeline.`}</p>
      ) : null}
    </div>
  );
}
