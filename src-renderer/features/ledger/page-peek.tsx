import type { Page } from '#server/contract/page.ts';
import { rich } from '../../language/rich.ts';
import { capital, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCan, useEntity, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { CommandKey } from '../../ui/command-key.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Mark } from '../../ui/mark.tsx';
import { SidePeek } from '../../ui/side-peek.tsx';
import { Time } from '../../ui/time.tsx';
import { deliveryWords, notificationWord } from '../paging/page-words.ts';
import { outcomeWords, usePagedName } from './paged.ts';

/** What became of a page by each way, without leaving the list. */
export function PagePeek({ page, onClose }: { page: Page; onClose: () => void }) {
  const can = useCan();
  const submit = useSubmit();
  const incident = useEntity('incident', page.incidentId);
  const who = usePagedName()(page);
  const outcome = outcomeWords(page);
  return (
    <SidePeek code={`P-${page.number}`} onClose={onClose}>
      <div className="row">
        {incident === undefined ? null : <Mark kind={incident.severity} />}
        <h2 className="title wrap-any">{incident?.title ?? t`An incident that is not kept here`}</h2>
      </div>
      <div className="row wrap">
        <a className="button primary" href={paths.page(page.id)}>
          {rich`Why ${<CommandKey id="list.open" />}`}
        </a>
        {incident === undefined || page.status !== 'open' ? null : (
          <Button
            unavailable={can('incident.acknowledge', incident)}
            onPress={() => void submit({ kind: 'incident.acknowledge', incidentId: incident.id })}
          >
            {t`Acknowledge`}
          </Button>
        )}
      </div>
      <KeyValues
        entries={[
          [t`Paged`, who],
          [t`Reason`, page.reason],
          [
            t`Decided`,
            <span key="at">
              {page.at.slice(0, 10)} <Time at={page.at} zone />
            </span>,
          ],
          [t`Rules`, page.priority === 'important' ? t`for important pages` : t`for other pages`],
          [t`State`, outcome === '' ? t`told; nobody has to answer` : outcome],
        ]}
      />
      <h3 className="small-text muted">{t`Ways`}</h3>
      <ul className="peek-lines even">
        {page.notifications.map((one) => (
          <li key={one.id}>
            <span className="wrap-any">{capital(one.label)}</span>
            <span className="muted wrap-any">
              {one.lastError === null || one.status === 'delivered'
                ? notificationWord(one)
                : `${notificationWord(one)}: ${one.lastError}`}
            </span>
          </li>
        ))}
        {page.notifications.length === 0 ? <li className="muted">{deliveryWords(page)}</li> : null}
      </ul>
    </SidePeek>
  );
}
