import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Service } from '#server/contract/service.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { Mark } from '../../ui/mark.tsx';
import { UnsavedMark } from '../config/unsaved-mark.tsx';
import type { Firing } from './service-graph.ts';
import { firingWords, kindWords } from './service-words.ts';

const rowHeight = 52;

interface ServiceListProps {
  services: readonly Service[];
  firing: ReadonlyMap<string, Firing>;
  ownerOf: (service: Service) => string;
  currentId: string | null;
  /** What is shown is old: nothing of it may look healthy or firing now. */
  old: boolean;
}

/** Ten thousand are no more work than the twenty that fit. */
export function ServiceList({ services, firing, ownerOf, currentId, old }: ServiceListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  // Nothing here is compiled or memoised around it.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: services.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const place = services.findIndex(({ id }) => id === currentId);
  useEffect(() => {
    if (place >= 0) virtualizer.scrollToIndex(place, { align: 'auto' });
  }, [place, virtualizer]);
  return (
    <div ref={scroller} className="service-list" role="list" aria-label={t`Services`}>
      <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const service = services[index];
          if (service === undefined) return null;
          const fires = firing.get(service.id);
          const owner = ownerOf(service);
          const current = service.id === currentId;
          return (
            <div
              key={service.id}
              role="listitem"
              aria-setsize={services.length}
              aria-posinset={index + 1}
              className={current ? 'service-row focused' : 'service-row'}
              style={{ transform: `translateY(${start}px)`, height: rowHeight }}
            >
              <span className="service-mark">
                {fires === undefined ? null : (
                  <Mark kind={old ? 'stale' : fires.worst} size="small" label={firingWords(fires)} />
                )}
              </span>
              <a className="rule-link" href={paths.service(service.id)} aria-current={current ? 'true' : undefined}>
                <span className="row">
                  <span className="clip medium">{service.name}</span>
                  <UnsavedMark kind="service" id={service.id} />
                </span>
                <span className="small-text muted clip">
                  {owner === ''
                    ? t`${kindWords[service.kind]}, nobody owns it`
                    : `${kindWords[service.kind]}, ${owner}`}
                </span>
              </a>
              <span className="small-text faint tabular">{service.tier === null ? '' : t`tier ${service.tier}`}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
