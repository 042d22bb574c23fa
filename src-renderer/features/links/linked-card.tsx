import type { ReactNode } from 'react';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useEntity } from '../../session.tsx';
import { useCommands } from '../../ui/commands.ts';
import { KeyValues } from '../../ui/key-values.tsx';
import { Title } from '../../ui/title.tsx';
import { codeOf } from '../incidents/incident-facts.ts';

interface CardProps {
  kind: string;
  title: string;
  /** The copy button, with the short id beside it. */
  link: ReactNode;
  shortId: string;
  entries: readonly (readonly [string, ReactNode])[];
  /** Where it stands among others of its kind. */
  place: { to: string; label: string } | null;
}

/** One linked thing: what it is, where it stands. */
export function Card({ kind, title, link, shortId, entries, place }: CardProps) {
  useCommands([
    {
      id: 'list.open',
      label: place === null ? t`open` : place.label.toLowerCase(),
      hint: place !== null,
      unavailable: place === null ? t`its incident is not on this machine` : null,
      run: () => place !== null && navigate(place.to),
    },
    { id: 'back', label: t`back to Now`, run: () => navigate(paths.now()) },
  ]);
  return (
    <article className="linked-card">
      <div className="row">
        <span className="small-text muted">{kind}</span>
        <span className="mono faint">{shortId}</span>
        {link}
      </div>
      <Title className="title wrap-any">{title}</Title>
      <KeyValues entries={entries} />
      {place === null ? null : (
        <a className="button primary" href={place.to}>
          {place.label}
        </a>
      )}
    </article>
  );
}

/** The incident it belongs to, in words, and its room. */
export function useRoom(incidentId: string | undefined): { words: string; place: CardProps['place'] } {
  const incident = useEntity('incident', incidentId ?? null);
  if (incident === undefined) return { words: t`An incident that is not on this machine`, place: null };
  return {
    words: `${codeOf(incident)} ${incident.title}`,
    place: { to: paths.incident(incident.id), label: t`Open the room` },
  };
}
