import { useMemo } from 'react';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { SectionHead } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { suspectPath } from './suspect-path.ts';
import type { MapFacts } from './use-map.ts';

/** In words what the thick line of the picture shows; the picture draws it between what it has room for. */
export function SuspectPath({ facts, id, onPick }: { facts: MapFacts; id: string; onPick: (id: string) => void }) {
  const path = useMemo(() => suspectPath(facts, id), [facts, id]);
  if (path.length === 0) return null;
  return (
    <>
      <SectionHead title={t`Suspect path`} />
      <ol className="map-list">
        {path.map((suspect) => (
          <li key={suspect.id}>
            <button type="button" className="map-pick row" onClick={() => onPick(suspect.id)}>
              <span className="clip grow">{facts.graph.nodes.get(suspect.id)?.name}</span>
              <span className="mono faint">
                <Time at={suspect.since} />
              </span>
            </button>
            {suspect.change === null ? null : (
              <p className="small-text muted wrap-any">
                {rich`after ${suspect.change.title}, ${<Time at={suspect.change.at} />}`}
              </p>
            )}
          </li>
        ))}
      </ol>
      <p className="small-text faint">
        {path.length === 1
          ? t`Nothing that it depends on has an open alert.`
          : t`Read from what depends on what, and from when alerts and changes came. It proves nothing.`}
      </p>
    </>
  );
}
