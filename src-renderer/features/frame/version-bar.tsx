import { paths } from '../../paths.ts';
import { useReplica } from '../../session.tsx';
import { Mark } from '../../ui/mark.tsx';

/** Only where the two versions differ in something that a person would miss. */
export function VersionBar() {
  const unread = useReplica((state) => state.unread);
  const version = useReplica((state) => state.center?.version ?? null);
  const held = useReplica((state) => state.outbox.filter((item) => item.state === 'held').length);
  if (unread === 0 && held === 0) return null;
  const center = version === null ? 'The center' : `The center (${version})`;
  return (
    <div className="offline-bar" role="status">
      <Mark kind="unknown" label="Versions" />
      <span className="grow">
        {unread > 0
          ? `${center} is newer than this client: ${count(unread, 'thing is', 'things are')} not shown as of now. Update the client. `
          : null}
        {held > 0 ? (
          <>
            {center} is older than this client: {count(held, 'action waits', 'actions wait')} for its update.{' '}
            <a href={paths.outbox()}>Look</a>
          </>
        ) : null}
      </span>
    </div>
  );
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
