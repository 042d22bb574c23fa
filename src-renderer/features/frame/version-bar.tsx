import { rich } from '../../language/rich.ts';
import { plural, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useReplica } from '../../session.tsx';
import { Mark } from '../../ui/mark.tsx';

/** Only where the two versions differ in something that a person would miss. */
export function VersionBar() {
  const unread = useReplica((state) => state.unread);
  const version = useReplica((state) => state.center?.version ?? null);
  const held = useReplica((state) => state.outbox.filter((item) => item.state === 'held').length);
  if (unread === 0 && held === 0) return null;
  const center = version === null ? t`The center` : t`The center (${version})`;
  return (
    <div className="offline-bar" role="status">
      <Mark kind="unknown" label={t`Versions`} />
      <span className="grow">
        {unread > 0
          ? t`${center} is newer than this client: ${plural(unread, { one: '1 thing is', other: '# things are' })} not shown as of now. Update the client.`
          : null}{' '}
        {held > 0
          ? rich`${center} is older than this client: ${plural(held, { one: '1 action waits', other: '# actions wait' })} for its update. ${<a href={paths.outbox()}>{t`Look`}</a>}`
          : null}
      </span>
    </div>
  );
}
