import { useState } from 'react';
import type { OutboxItem } from '../../replica/outbox.ts';
import { useMe, useNameOf, useSession } from '../../session.tsx';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { conflictWords } from './conflict-words.ts';

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
          { keys: '1', label: 'keep theirs', hint: true, run: keep },
          { keys: '2', label: 'apply mine again', hint: true, run: apply },
          { keys: 'Escape', label: 'decide later', hint: true, run: () => setLater(item.intent.id) },
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
          <div className="small-text faint">Theirs, on the server now</div>
          <div className="row">
            <span className="strong grow wrap-any">{words.theirs}</span>
            <Button kbd="1" onPress={keep}>
              Keep theirs
            </Button>
          </div>
        </div>
        <div className="conflict-side">
          <div className="small-text faint">Mine, made {clockTime(Date.parse(item.intent.at), true)}</div>
          <div className="row">
            <span className="strong grow wrap-any">{words.mine === me.name ? 'You' : words.mine}</span>
            <Button kbd="2" onPress={apply}>
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
