import { useState } from 'react';
import type { ConfigPlan } from '#server/contract/config.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { plural, t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { deviceNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { PlanView } from './plan-view.tsx';
import { canApply, shownChanges } from './plan-words.ts';
import { YamlField } from './yaml-field.tsx';
import { secretsNamed } from './secret-names.ts';

const fileMax = 1_048_576;

/** Export, then paste or choose a file, plan it, and apply what the plan says. */
export function FilePanel() {
  const cannot = useCanRole()('manager');
  const show = useToasts((state) => state.show);
  const [yaml, setYaml] = useState('');
  const [prune, setPrune] = useState(false);
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [planned, setPlanned] = useState<{ question: string; plan: ConfigPlan } | null>(null);
  const [applying, setApplying] = useState(false);
  const names = secretsNamed(yaml);
  const question = { yaml, prune, secrets: Object.fromEntries(names.map((name) => [name, secrets[name] ?? ''])) };
  const text = JSON.stringify(question);
  const planCall = useCall((api, input: typeof question) => api.config.plan.mutate(input));
  const applyCall = useCall((api, input: typeof question & { basis: string | null }) =>
    api.config.applyFile.mutate(input),
  );
  const exportCall = useCall((api, options: Record<string, never>) => api.config.export.query(options));
  const outdated = planned !== null && planned.question !== text;
  const reason =
    planned === null ? t`Plan it first.` : outdated ? t`It changed since: plan it again.` : canApply(planned.plan);

  const plan = async (): Promise<void> => {
    const answer = await planCall.run(question);
    if (answer !== null) setPlanned({ question: text, plan: answer });
  };
  const apply = async (): Promise<void> => {
    if (planned === null) return;
    const done = await applyCall.run({ ...question, basis: planned.plan.basis });
    setApplying(false);
    if (done === null) return;
    if (done.errors.length > 0) return setPlanned({ question: text, plan: done });
    setPlanned(null);
    setSecrets({});
    show({ text: t`Applied: ${shownChanges(done.changes).length} changes, all of them at once.` });
  };
  const exportIt = async (): Promise<void> => {
    const answer = await exportCall.run({});
    if (answer === null) return;
    saveFile(`tocsin-${new Date(deviceNow()).toISOString().slice(0, 10)}.yaml`, answer, 'application/yaml');
  };

  return (
    <section aria-label={t`Plan and apply`} className="stack as-code-section">
      <div className="row wrap">
        <p className="muted grow">
          {t`Everything about paging as one YAML file. A file is applied whole or not at all, and only what it names.`}
        </p>
        <Button unavailable={cannot} isDisabled={exportCall.busy} onPress={() => void exportIt()}>
          {exportCall.busy ? t`Exporting…` : t`Export YAML`}
        </Button>
      </div>
      {exportCall.failure === null ? null : <Failure what={t`It was not exported`} failure={exportCall.failure} />}
      <YamlField
        value={yaml}
        onChange={setYaml}
        placeholder={t`Paste the YAML here, or choose a file.`}
        max={fileMax}
      />
      {names.length === 0 ? null : (
        <div className="form-grid">
          {names.map((name) => (
            <TextField
              key={name}
              label={t`Value of ${name}`}
              type="password"
              autoComplete="off"
              value={secrets[name] ?? ''}
              onChange={(value) => setSecrets({ ...secrets, [name]: value })}
              help={t`a secret that the file names and does not hold`}
            />
          ))}
        </div>
      )}
      <div className="row wrap">
        <Checkbox isSelected={prune} onChange={setPrune}>
          {t`Delete what the file’s sections do not name`}
        </Checkbox>
        <span className="grow" />
        <Button
          unavailable={cannot ?? (yaml.trim() === '' ? t`There is no file yet.` : null)}
          isDisabled={planCall.busy}
          onPress={() => void plan()}
        >
          {planCall.busy ? t`Planning…` : t`Plan`}
        </Button>
        <Button
          look="primary"
          unavailable={cannot ?? reason}
          isDisabled={applyCall.busy}
          onPress={() => setApplying(true)}
        >
          {t`Apply…`}
        </Button>
      </div>
      {planCall.failure === null ? null : <Failure what={t`It could not be planned`} failure={planCall.failure} />}
      {applyCall.failure === null ? null : <Failure what={t`Nothing was applied`} failure={applyCall.failure} />}
      {planned === null ? null : (
        <div className={outdated ? 'plan-outdated' : undefined}>
          {outdated ? <p className="small-text muted">{t`The file changed since this plan.`}</p> : null}
          <PlanView plan={planned.plan} />
        </div>
      )}
      {applying && planned !== null ? (
        <ApplyDialog
          plan={planned.plan}
          busy={applyCall.busy}
          onApply={() => void apply()}
          onClose={() => setApplying(false)}
        />
      ) : null}
    </section>
  );
}

export function ApplyDialog(props: { plan: ConfigPlan; busy: boolean; onApply: () => void; onClose: () => void }) {
  const { plan, busy, onApply, onClose } = props;
  const deleted = plan.changes.filter(({ op }) => op === 'delete');
  const count = shownChanges(plan.changes).length;
  return (
    <Dialog
      title={t`${plural(count, { one: 'Apply 1 change?', other: 'Apply # changes?' })}`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" isDisabled={busy} onPress={onApply}>
            {busy ? t`Applying…` : t`Apply`}
          </Button>
        </>
      }
    >
      <p>{t`They take effect together, now. Escalations that run follow them from their next step on.`}</p>
      {deleted.length === 0 ? null : (
        <p>
          <b className="medium">{t`Deleted:`}</b> {deleted.map(({ name }) => name).join(', ')}.
        </p>
      )}
    </Dialog>
  );
}
