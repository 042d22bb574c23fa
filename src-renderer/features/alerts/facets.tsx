import { memo, useMemo, useState } from 'react';
import type { AlertFilter } from '#server/contract/view.ts';
import { severities, type Severity } from '#server/contract/severity.ts';
import { byName } from '../../by-name.ts';
import { numberText, t } from '../../language/words.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Mark } from '../../ui/mark.tsx';
import { useSteady } from '../../ui/use-steady.ts';
import { type FacetName, markWords, severityWords, toggleFacet } from './alert-filter.ts';
import type { AlertFacets } from './alert-facets.ts';

const shownMax = 6;

interface FacetsProps {
  filter: AlertFilter;
  facets: AlertFacets;
  onChange: (filter: AlertFilter) => void;
}

export const Facets = memo(function Facets({ filter, facets, onChange }: FacetsProps) {
  const toggle = useSteady((facet: FacetName, value: string) => onChange(toggleFacet(filter, facet, value)));
  return (
    <>
      <Group title={t`Severity`}>
        {severities.map((severity) => (
          <Facet
            key={severity}
            severity={severity}
            label={severityWords[severity]}
            count={facets.severities[severity]}
            chosen={filter.severities.includes(severity)}
            facet="severities"
            value={severity}
            onToggle={toggle}
          />
        ))}
      </Group>
      <Group title={t`State`}>
        <Facet
          label={t`Firing`}
          count={facets.statuses.firing}
          chosen={filter.statuses.includes('firing')}
          facet="statuses"
          value="firing"
          onToggle={toggle}
        />
        {(['acknowledged', 'suppressed', 'flapping'] as const).map((mark) => (
          <Facet
            key={mark}
            label={markWords[mark]}
            count={facets.marks[mark]}
            chosen={filter.marks.includes(mark)}
            facet="marks"
            value={mark}
            onToggle={toggle}
          />
        ))}
        <Facet
          label={t`Resolved, 24 h`}
          count={facets.statuses.resolved}
          chosen={filter.statuses.includes('resolved')}
          facet="statuses"
          value="resolved"
          onToggle={toggle}
        />
      </Group>
      <NamedFacets
        title={t`Service`}
        facet="services"
        counts={facets.services}
        chosen={filter.services}
        toggle={toggle}
      />
      <NamedFacets title={t`Source`} facet="sources" counts={facets.sources} chosen={filter.sources} toggle={toggle} />
    </>
  );
});

interface NamedFacetsProps {
  title: string;
  facet: FacetName;
  counts: ReadonlyMap<string, number>;
  chosen: readonly string[];
  toggle: (facet: FacetName, value: string) => void;
}

/** Not drawn again for what is typed, until the counts are other ones. */
const NamedFacets = memo(function NamedFacets({ title, facet, counts, chosen, toggle }: NamedFacetsProps) {
  const [all, setAll] = useState(false);
  const names = useMemo(
    () =>
      [...new Set([...counts.keys(), ...chosen])].toSorted(
        (a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || byName(a, b),
      ),
    [counts, chosen],
  );
  // A chosen one stays in sight, or it could not be taken back.
  const shown = all ? names : names.filter((name, i) => i < shownMax || chosen.includes(name));
  const hidden = names.length - shown.length;
  if (names.length === 0) return null;
  return (
    <Group title={title}>
      {shown.map((name) => (
        <Facet
          key={name}
          label={name === '' ? t`none` : name}
          count={counts.get(name) ?? 0}
          chosen={chosen.includes(name)}
          facet={facet}
          value={name}
          onToggle={toggle}
        />
      ))}
      {hidden > 0 || all ? (
        <button type="button" className="facet-more" onClick={() => setAll(!all)}>
          {all ? t`Fewer` : t`${hidden} more`}
        </button>
      ) : null}
    </Group>
  );
});

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div role="group" aria-label={title} className="facet-group">
      <h3 aria-hidden="true">{title}</h3>
      {children}
    </div>
  );
}

interface FacetProps {
  label: string;
  count: number;
  chosen: boolean;
  facet: FacetName;
  value: string;
  onToggle: (facet: FacetName, value: string) => void;
  severity?: Severity;
}

const Facet = memo(function Facet({ label, count, chosen, facet, value, onToggle, severity }: FacetProps) {
  return (
    <div className="facet">
      <Checkbox isSelected={chosen} onChange={() => onToggle(facet, value)} aria-label={`${label}, ${count}`}>
        {severity === undefined ? null : <Mark kind={severity} size="small" />}
        <span className="clip" title={label}>
          {label}
        </span>
        <span className="facet-count">{numberText(count)}</span>
      </Checkbox>
    </div>
  );
});
