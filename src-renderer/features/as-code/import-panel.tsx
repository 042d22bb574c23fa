import { useState } from 'react';
import { Failure, useCall } from '../../api/asked.tsx';
import type { CheckedBy } from '#server/contract/channel.ts';
import type { ImportPlan } from '#server/contract/config.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useToasts } from '../../ui/toast.tsx';
import { paths } from '../../paths.ts';
import { checkedWords } from '../channels/channel-words.ts';
import { ChooseFile } from './choose-file.tsx';
import { ApplyDialog } from './file-panel.tsx';
import { PlanView } from './plan-view.tsx';
import { canApply, shownChanges } from './plan-words.ts';

type ImportSource = 'pagerduty' | 'opsgenie' | 'grafana-oncall' | 'goalert';

const sources: { value: ImportSource; label: string; needs: string }[] = [
  {
    value: 'pagerduty',
    label: t`PagerDuty`,
    needs: t`users, teams, schedules, escalation_policies and services of its REST API`,
  },
  {
    value: 'opsgenie',
    label: t`Opsgenie`,
    needs: t`users, teams, schedules, escalations and services of its REST API`,
  },
  {
    value: 'grafana-oncall',
    label: t`Grafana OnCall`,
    needs: t`users, schedules, on_call_shifts, escalation_chains and escalation_policies of its HTTP API`,
  },
  {
    value: 'goalert',
    label: t`GoAlert`,
    needs: t`users, rotations, schedules, userOverrides, escalationPolicies and services of its GraphQL`,
  },
];
const exportMax = 10 * 1_048_576;

/** An export of another pager: plan it, see what does not map, then take it over. */
export function ImportPanel() {
  const cannot = useCanRole()('manager');
  const show = useToasts((state) => state.show);
  const [source, setSource] = useState<ImportSource>('pagerduty');
  const [file, setFile] = useState<{ name: string; data: Record<string, unknown> } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [plan, setPlan] = useState<ImportPlan | null>(null);
  const [applying, setApplying] = useState(false);
  const planCall = useCall((api, input: { source: ImportSource; data: Record<string, unknown> }) =>
    api.importers.plan.mutate(input),
  );
  const applyCall = useCall(
    (api, input: { source: ImportSource; data: Record<string, unknown>; basis: string | null }) =>
      api.importers.applyExport.mutate(input),
  );
  const chosen = sources.find(({ value }) => value === source);

  const take = (text: string, name: string): void => {
    setPlan(null);
    setRefused(null);
    const data = objectOf(text);
    if (data === null) {
      setFile(null);
      return setRefused(t`${name} is no JSON object. Put the lists into one object under their names.`);
    }
    setFile({ name, data });
  };
  const runPlan = async (): Promise<void> => {
    if (file !== null) setPlan(await planCall.run({ source, data: file.data }));
  };
  const apply = async (): Promise<void> => {
    if (file === null || plan === null) return;
    const done = await applyCall.run({ source, data: file.data, basis: plan.basis });
    setApplying(false);
    if (done === null) return;
    if (done.errors.length > 0) return setPlan(done);
    setPlan(null);
    setFile(null);
    show({
      text: t`${shownChanges(done.changes).length} documents came over from ${chosen?.label ?? source}. Contact methods have to be proven by their owners.`,
    });
  };
  return (
    <section aria-label={t`Move in`} className="stack as-code-section">
      <p className="muted">
        {t`Users, schedules, layers, overrides, policies and services of another pager. First a plan, which writes nothing and names what does not map.`}
      </p>
      <div className="row wrap">
        <Segmented
          label={t`From`}
          options={sources.map(({ value, label }) => ({ value, label }))}
          value={source}
          onChange={(next) => {
            setSource(next);
            setPlan(null);
          }}
        />
        <ChooseFile
          label={file === null ? t`Choose the export…` : t`Choose another…`}
          accept=".json,application/json"
          maxBytes={exportMax}
          onText={take}
          onRefused={setRefused}
        />
        <span className="muted clip">{file === null ? t`no file yet` : file.name}</span>
        <span className="grow" />
        <Button
          unavailable={cannot ?? (file === null ? t`Choose the export first.` : null)}
          isDisabled={planCall.busy}
          onPress={() => void runPlan()}
        >
          {planCall.busy ? t`Planning…` : t`Plan`}
        </Button>
        <Button
          look="primary"
          unavailable={cannot ?? (plan === null ? t`Plan it first.` : canApply(plan))}
          isDisabled={applyCall.busy}
          onPress={() => setApplying(true)}
        >
          {t`Apply…`}
        </Button>
      </div>
      <p className="small-text faint">
        {rich`One JSON object with ${chosen?.needs}. The plan says what this reading was checked against.`}
      </p>
      {refused === null ? null : (
        <p className="refusal" role="status">
          {refused}
        </p>
      )}
      {planCall.failure === null ? null : <Failure what={t`It could not be planned`} failure={planCall.failure} />}
      {applyCall.failure === null ? null : <Failure what={t`Nothing was taken over`} failure={applyCall.failure} />}
      {plan === null ? null : (
        <>
          <ReadingChecked checkedBy={plan.checkedBy} />
          <PlanView plan={plan} />
          <div className="row wrap small-text muted">
            <span className="grow">
              {rich`Would you rather have it otherwise? Take the same as a file, edit it, and ${<a href={paths.asCode('file')}>{t`apply that`}</a>}.`}
            </span>
            <Button compact onPress={() => saveFile(`${source}.yaml`, plan.yaml, 'application/yaml')}>
              {t`As YAML`}
            </Button>
          </div>
        </>
      )}
      {applying && plan !== null ? (
        <ApplyDialog
          plan={plan}
          busy={applyCall.busy}
          onApply={() => void apply()}
          onClose={() => setApplying(false)}
        />
      ) : null}
    </section>
  );
}

/** What stands behind our reading of this pager; nobody tried it on a live account. */
function ReadingChecked({ checkedBy }: { checkedBy: CheckedBy }) {
  const { verified, text } = checkedWords({ checkedBy });
  return (
    <p className="small-text muted">
      {verified ? (
        rich`${<span className="medium">{t`This reading is ${text}`}</span>}, not tried on a live account.`
      ) : (
        <span className="chip outlined">{text}</span>
      )}{' '}
      {checkedBy.note}
    </p>
  );
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
