import { isUnsent } from '../../replica/outbox-runner.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useReplica, useSession } from '../../session.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Icon } from '../../ui/icon.tsx';
import { OnCallNote } from '../paging/on-call-note.tsx';

export function TopBar() {
  const { serverName } = useSession();
  const value = useFreshness();
  const outbox = useReplica((state) => state.outbox);
  const conflicts = outbox.filter((item) => item.state === 'conflict').length;
  const waiting = outbox.filter((item) => item.state === 'waiting').length;
  const refused = outbox.filter((item) => item.state === 'rejected').length;
  const unsent = outbox.filter((item) => isUnsent(item) && item.state !== 'conflict').length;
  return (
    <header className="top">
      <span className="server">
        <Icon name="server" />
        <span className="clip">{serverName}</span>
      </span>
      <Freshness value={value} />
      <span className="grow" />
      <span className="counters">
        {unsent > 0 ? <a href={paths.outbox()}>Outbox {unsent}</a> : null}
        {waiting > 0 ? <a href={paths.outbox()}>{waiting} to confirm</a> : null}
        {conflicts > 0 ? (
          <a href={paths.outbox()}>
            {conflicts} {conflicts === 1 ? 'conflict' : 'conflicts'}
          </a>
        ) : null}
        {refused > 0 ? <a href={paths.outbox()}>{refused} refused</a> : null}
      </span>
      <OnCallNote />
    </header>
  );
}
