import { roleAtLeast } from '#server/contract/people.ts';
import type { HostNotice } from '#server/contract/watchdog.ts';
import { useAsked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useMe } from '../../session.tsx';
import { Icon } from '../../ui/icon.tsx';
import './paging.css';

/** What stays on every screen while it is true; the rest stands under Settings, Paging. */
const everywhere: ReadonlySet<HostNotice['code']> = new Set([
  'sleeps',
  'shadow',
  'paused',
  'stalled',
  'dead-letters',
  'dead-man-fails',
]);

export function useWatchdog() {
  return useAsked(['watchdog'], (api) => api.watchdog.status.query(), {
    everyMs: 30_000,
    goodForMs: 10_000,
    keepLast: true,
  });
}

/** Not to be dismissed: the center says what it cannot promise. */
export function CenterNotices() {
  const { data } = useWatchdog();
  const notices = (data?.notices ?? []).filter(({ code }) => everywhere.has(code));
  if (notices.length === 0) return null;
  return (
    <div role="region" aria-label={t`About this center`}>
      {notices.map((notice) => (
        <div key={notice.code} className={`center-notice ${notice.level}`}>
          <Icon name={notice.level === 'info' ? 'server' : 'incidents'} />
          <span className="grow">{notice.text}</span>
          <NoticeLink code={notice.code} />
        </div>
      ))}
    </div>
  );
}

/** To where something can be done about it, for those who can. */
function NoticeLink({ code }: { code: HostNotice['code'] }) {
  const { role } = useMe();
  if (code === 'dead-letters')
    return roleAtLeast(role, 'responder') ? <a href={paths.diagnostics()}>{t`Dead letters`}</a> : null;
  return roleAtLeast(role, 'admin') ? <a href={paths.settings('center')}>{t`Paging settings`}</a> : null;
}
