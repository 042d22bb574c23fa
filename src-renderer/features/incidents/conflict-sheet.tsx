import { useState } from 'react';
import type { OutboxItem } from '../../replica/outbox.ts';
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
  if (by === null) return when === null ? 'on the server now' : `on the server since ${when}`;
  return when === null ? `by ${by}` : `by ${by}, ${when}`;
}

/** Theirs and mine weigh the same; nothing is merged or dropped without a person. */
export function ConflictSheet({ items }: { items: readonly OutboxItem[] }) {
  const me = useMe();
  const nameOf = useNameOf();
  const { outbox } = useSession().replica;
  const [later, setLater] = useState<string | null>(null);
  const item = items.find((each) => each.intent.id !== later) ?? null;
  const keep = () => {
    if (item !== null) void outbox.discard(item.intent.id);
  };
  const apply = () => {
    if (item !== null) void outbox.applyAgain(item.intent.id);
  };
  useCommands(
    item === null
      ? []
      : [
          { id: 'conflict.theirs', label: 'keep theirs', hint: true, run: keep },
          { id: 'conflict.mine', label: 'apply mine again', hint: true, run: apply },
          { id: 'back', label: 'decide later', hint: true, run: () => setLater(item.intent.id) },
        ],
  );
  if (item === null) return null;
  const words = conflictWords(item.intent.action, item.current, nameOf);
  return (
    <div className="conflict" role="region" aria-label="Conflict">
      <div className="row">
        <span className="strong grow">{words.question}</span>
        <span className="small-text muted">
          {items.indexOf(item) + 1} of {items.length}
        </span>
      </div>
      <p className="small-text muted">
        {item.reason ?? 'Somebody changed the same thing since you saw it. The server kept theirs and asks you.'}
      </p>
      <div className="conflict-sides">
        <div className="conflict-side">
          <div className="small-text faint">Theirs, {theirsBy(item, nameOf)}</div>
          <div className="row">
            <span className="strong grow wrap-any">{words.theirs}</span>
            <Button command="conflict.theirs" onPress={keep}>
              Keep theirs
            </Button>
          </div>
        </div>
        <div className="conflict-side">
          <div className="small-text faint">Mine, made {clockTime(Date.parse(item.intent.at), true)}</div>
          <div className="row">
            <span className="strong grow wrap-any">{words.mine === me.name ? 'You' : words.mine}</span>
            <Button command="conflict.mine" onPress={apply}>
              Apply mine again
            </Button>
          </div>
        </div>
      </div>
      {'incidentId' in item.intent.action ? (
        <p className="small-text muted">Either way both stay on the timeline.</p>
      ) : null}
    </div>
  );
}
