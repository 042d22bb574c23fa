import { useMemo, useState } from 'react';
import type { Why } from '#server/contract/ledger.ts';
import type { PolicyTrial, TrialChange, TrialPage } from '#server/contract/paging-trial.ts';
import type { Route } from '#server/contract/route.ts';
import { Failure, useAsked, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCanRole, useEntity, useNameOf, useTable } from '../../session.tsx';
import { durationWords } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { Select, type SelectOption } from '../../ui/select.tsx';
import { routeDraftOf } from '../routing/route-draft.ts';
import { byName } from '../../by-name.ts';

/** Runs the recorded trigger under something else. It pages nobody. */
export function OtherPolicy({ why }: { why: Why }) {
  const incidentId = why.incident?.id ?? null;
  const cannot = useCanRole()('manager');
  const policies = useTable('policy');
  const routes = useTable('route');
  const escalation = useEntity('escalation', incidentId);
  const policyId = why.page?.policyId ?? escalation?.policyId ?? null;
  const policy = useEntity('policy', policyId);
  const route = useEntity('route', escalation?.routeId ?? null);
  const [choice, setChoice] = useState<string | null>(null);
  const history = useAsked(
    ['policy-versions', policyId],
    (api) => api.config.history.query({ kind: 'policy', id: policyId ?? '', limit: 8 }),
    { enabled: policyId !== null && cannot === null, goodForMs: 60_000 },
  );
  // oxlint-disable-next-line react/preserve-manual-memoization -- a sentence changes nothing that this depends on
  const options = useMemo((): SelectOption<string>[] => {
    const versions = (history.data ?? [])
      .filter(({ deleted }) => !deleted)
      .map(({ version }) => ({
        value: `version:${version}`,
        label: policy === undefined ? t`its policy, version ${version}` : t`${policy.name}, version ${version}`,
      }));
    const others =
      fallbackRoute(route, [...routes.rows.values()]) === null
        ? []
        : [...policies.rows.values()]
            .filter(({ id }) => id !== policyId)
            .toSorted((a, b) => byName(a.name, b.name))
            .map(({ id, name }) => ({ value: `policy:${id}`, label: name }));
    const without =
      route === undefined || route.builtIn ? [] : [{ value: 'without', label: t`without the route ${route.name}` }];
    return [...versions, ...others, ...without];
  }, [history.data, policies, policyId, policy, route, routes]);
  const call = useCall((api, changes: TrialChange[]) =>
    api.ledger.tryPolicy.query({ incidentId: incidentId ?? '', changes }),
  );
  const [result, setResult] = useState<{ choice: string; trial: PolicyTrial } | null>(null);
  if (incidentId === null) return null;

  const run = async (): Promise<void> => {
    if (choice === null) return;
    const changes = changesFor(choice, policyId, fallbackRoute(route, [...routes.rows.values()]), route);
    if (changes === null) return;
    const trial = await call.run(changes);
    if (trial !== null) setResult({ choice, trial });
  };

  return (
    <section aria-label={t`Same input, other policy`}>
      <SectionHead title={t`Same input, other policy`} />
      <p className="small-text muted">{t`Replays the recorded event. It pages nobody.`}</p>
      <div className="why-replay">
        <Select
          label={t`Another policy or version`}
          hideLabel
          placeholder={options.length === 0 ? t`nothing else to try` : t`Choose…`}
          options={options}
          value={choice}
          onChange={setChoice}
          disabled={options.length === 0}
        />
        <Button
          icon="replay"
          unavailable={cannot ?? (choice === null ? t`Choose what to try first.` : null)}
          isDisabled={call.busy}
          onPress={() => void run()}
        >
          {call.busy ? t`Replaying…` : t`Replay`}
        </Button>
      </div>
      {call.failure === null ? null : <Failure what={t`It could not be replayed`} failure={call.failure} />}
      {result === null || result.choice !== choice ? null : <Outcome trial={result.trial} />}
    </section>
  );
}

function Outcome({ trial }: { trial: PolicyTrial }) {
  const nameOf = useNameOf();
  const channels = useTable('channel');
  const who = ({ userId, channelId, at }: TrialPage): string => {
    const name = userId === null ? (channels.rows.get(channelId ?? '')?.name ?? t`a channel`) : nameOf(userId);
    const later = Date.parse(at) - Date.parse(trial.startedAt);
    return later < 1_000 ? t`${name} at once` : t`${name} after ${durationWords(later)}`;
  };
  const told = trial.after.slice(0, 4).map(who);
  const more = trial.after.length - told.length;
  const names = more > 0 ? t`${told.join(', ')} and ${more} more` : told.join(', ');
  const outcome = told.length === 0 ? t`It would have paged nobody` : names;
  return (
    <div className="why-outcome" role="status">
      <Icon name={trial.after.length === 0 ? 'refused' : 'arrow'} />
      <div>
        <div>{trial.same ? t`The same: ${outcome}` : outcome}</div>
        <div className="small-text muted">
          {trial.same ? (
            t`${trial.reasonAfter}, as it was`
          ) : (
            <>
              {trial.reasonAfter}
              <span className="why-was">{t`It was: ${trial.reasonBefore}`}</span>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

/** The route that took it; unknown, the last one, which takes everything. */
function fallbackRoute(route: Route | undefined, routes: readonly Route[]): Route | null {
  return route ?? routes.find(({ builtIn }) => builtIn) ?? null;
}

function changesFor(
  choice: string,
  policyId: string | null,
  through: Route | null,
  route: Route | undefined,
): TrialChange[] | null {
  const [kind, value = ''] = choice.split(':', 2);
  if (kind === 'version' && policyId !== null)
    return [{ op: 'version', kind: 'policy', id: policyId, version: Number(value) }];
  if (kind === 'without' && route !== undefined) return [{ op: 'delete', kind: 'route', id: route.id }];
  if (kind !== 'policy' || through === null) return null;
  const draft = { ...routeDraftOf(through), policyId: value };
  return [{ op: 'save', id: through.id, document: { kind: 'route', draft } }];
}
