import { Button as AriaButton } from 'react-aria-components';
import { plural, t } from '../../language/words.ts';
import { isUnsent } from '../../replica/outbox/outbox-runner.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useReplica } from '../../session.tsx';
import { CommandKey } from '../../ui/command-key.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ServerName } from '../connect/server-menu.tsx';
import { usePalette } from '../palette/palette-store.ts';
import { OnCallNote } from '../paging/on-call-note.tsx';

export function TopBar() {
  const value = useFreshness();
  const outbox = useReplica((state) => state.outbox);
  const unread = useReplica((state) => state.unreadItems.length);
  const kept = useReplica((state) => state.kept);
  const away = useReplica((state) => state.away);
  const conflicts = outbox.filter((item) => item.state === 'conflict').length;
  const waiting = outbox.filter((item) => item.state === 'waiting').length;
  const refused = outbox.filter((item) => item.state === 'rejected' || item.state === 'refused').length;
  const drafts = outbox.filter((item) => item.state === 'draft').length;
  const unsent = outbox.filter((item) => isUnsent(item) && item.state !== 'conflict' && item.state !== 'draft').length;
  return (
    <header className="top">
      <div className="top-side">
        <ServerName />
        <Freshness value={value} />
      </div>
      <span className="grow" />
      <SearchBox />
      <span className="grow" />
      <div className="top-side end">
        <span className="counters">
          {away === null ? null : (
            <a href={paths.away()}>{t`${plural(away.total, { one: '1 change', other: '# changes' })} while away`}</a>
          )}
          {drafts > 0 ? (
            <a href={paths.outbox()}>{t`${plural(drafts, { one: '1 draft', other: '# drafts' })}, nobody paged`}</a>
          ) : null}
          {unsent > 0 ? (
            <a href={paths.outbox()}>{kept ? t`Outbox ${unsent}` : t`Outbox ${unsent}, not stored`}</a>
          ) : null}
          {unread > 0 ? <a href={paths.outbox()}>{t`${unread} not readable`}</a> : null}
          {waiting > 0 ? <a href={paths.outbox()}>{t`${waiting} to confirm`}</a> : null}
          {conflicts > 0 ? (
            <a href={paths.outbox()}>{t`${plural(conflicts, { one: '1 conflict', other: '# conflicts' })}`}</a>
          ) : null}
          {refused > 0 ? <a href={paths.outbox()}>{t`${refused} refused`}</a> : null}
        </span>
        <OnCallNote />
      </div>
    </header>
  );
}

/** Looks like a field and opens the palette, which is where typing goes on. */
function SearchBox() {
  const toggle = usePalette((state) => state.toggle);
  return (
    <AriaButton className="search-box" onPress={toggle}>
      <Icon name="search" small />
      <span className="search-words grow clip">{t`Search or run a command`}</span>
      <CommandKey id="palette.open" />
    </AriaButton>
  );
}
