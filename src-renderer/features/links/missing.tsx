import type { ReactNode } from 'react';
import { Id } from '#server/contract/primitives.ts';
import { t } from '../../language/words.ts';
import { useFreshness } from '../../session.tsx';
import { serverNow } from '../../time.ts';
import { dataTime } from '../../time-format.ts';
import { Empty } from '../../ui/empty.tsx';

interface MissingProps {
  /** As the link has it. */
  id: string;
  title: string;
  actions?: ReactNode;
  heading?: boolean;
  /** Why it may not be here. */
  children: ReactNode;
}

/** Mail programs and chats break links, or take the full stop behind one for a part of it. */
export function isWholeId(id: string): boolean {
  return Id.safeParse(id).success;
}

/** In place of what a link names. Without the server, what is newer is not here yet. */
export function Missing({ id, title, actions, heading = true, children }: MissingProps) {
  const { state, dataAt } = useFreshness();
  if (!isWholeId(id)) return <NotWhole id={id} heading={heading} actions={actions} />;
  const behind = (state === 'stale' || state === 'offline') && dataAt !== null;
  return (
    <Empty title={title} heading={heading} actions={actions}>
      {children}
      {behind
        ? ` ${t`Or it is newer than what is kept here (${dataTime(dataAt, serverNow())}): then it comes by itself when the server is back.`}`
        : null}
    </Empty>
  );
}

export function NotWhole({ id, actions, heading = true }: Pick<MissingProps, 'id' | 'actions' | 'heading'>) {
  const end = id.length > 40 ? `${id.slice(0, 39)}…` : id;
  return (
    <Empty title={t`This link is not whole`} heading={heading} actions={actions}>
      {t`Where an id should be, it has “${end}”. A mail program or a chat has probably cut it off, or added something to it. Copy it again from where it was written, or look for what it is about in the list.`}
    </Empty>
  );
}
