import { memo, type Ref } from 'react';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useEntity } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { filterChips } from './alert-filter.ts';
import { useAlertList } from './alert-list-state.ts';
import { FilterBar } from './filter-bar.tsx';
import { SavedViews } from './saved-views.tsx';
import { useActiveSilenceCount } from './use-alert-list.ts';

interface AlertsHeadProps {
  view: string | null;
  /** How many there are, in words. */
  count: string;
  inputRef: Ref<HTMLInputElement>;
  onFacets: () => void;
}

export const AlertsHead = memo(function AlertsHead({ view, count, inputRef, onFacets }: AlertsHeadProps) {
  const { filter, mode, set } = useAlertList();
  const incident = useEntity('incident', filter.incidentId);
  if (view === 'silences') {
    return (
      <div className="alerts-head">
        <h1>{t`Silences`}</h1>
        <span className="grow small-text faint">{t`and maintenance windows`}</span>
        <a className="button compact" href={paths.alerts()}>
          {t`Back to alerts`}
        </a>
      </div>
    );
  }
  const chips = filterChips(filter, () => `INC-${incident?.number ?? '?'}`);
  return (
    <div className="alerts-head">
      <h1>{t`Alerts`}</h1>
      <span className="count-words small-text faint nowrap">{view === 'older' ? t`older than 24 h` : count}</span>
      <span className="facets-button">
        <Button compact icon="filter" onPress={onFacets}>
          {t`Facets`}
        </Button>
      </span>
      <FilterBar filter={filter} chips={chips} onChange={(next) => set({ filter: next })} inputRef={inputRef} />
      <SavedViews />
      {view === 'older' ? null : (
        <Segmented
          label={t`List as`}
          options={[
            { value: 'groups', label: t`Groups` },
            { value: 'flat', label: t`Flat` },
            { value: 'heat', label: t`Heat-map` },
          ]}
          value={mode}
          onChange={(next) => set({ mode: next })}
        />
      )}
      <SilencesLink />
    </div>
  );
});

function SilencesLink() {
  const silences = useActiveSilenceCount();
  return (
    <a className="button compact" href={paths.alerts({ view: 'silences' })}>
      {t`Silences${silences === 0 ? '' : ` ${silences}`}`}
    </a>
  );
}
