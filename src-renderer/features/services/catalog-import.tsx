import { useState } from 'react';
import type { CatalogPlan } from '#server/contract/service.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { Title } from '../../ui/title.tsx';
import { useToasts } from '../../ui/toast.tsx';
import '../as-code/as-code.css';
import { PlanView } from '../as-code/plan-view.tsx';
import { canApply, shownChanges } from '../as-code/plan-words.ts';
import { YamlField } from '../as-code/yaml-field.tsx';

const fileMax = 8 * 1_048_576;
const example = `services:
  checkout:
    team: Shop
    dependsOn: [payments]`;

/** A file in, a plan of what it would change, and the apply of exactly that. */
export function CatalogImport() {
  const cannot = useCanRole()('manager');
  const show = useToasts((state) => state.show);
  const [yaml, setYaml] = useState('');
  const [prune, setPrune] = useState(false);
  const [planned, setPlanned] = useState<{ question: string; plan: CatalogPlan } | null>(null);
  const question = { yaml, prune, format: 'auto' as const };
  const text = JSON.stringify(question);
  const outdated = planned !== null && planned.question !== text;
  const planCall = useCall((api, input: typeof question) => api.services.planCatalog.mutate(input));
  const applyCall = useCall((api, input: typeof question & { basis: string | null }) =>
    api.services.applyCatalog.mutate(input),
  );
  const exportCall = useCall((api, options: Record<string, never>) => api.services.exportCatalog.query(options));
  const reason =
    planned === null ? t`Plan it first.` : outdated ? t`It changed since: plan it again.` : canApply(planned.plan);

  const plan = async (): Promise<void> => {
    const answer = await planCall.run(question);
    if (answer !== null) setPlanned({ question: text, plan: answer });
  };
  const apply = async (): Promise<void> => {
    if (planned === null) return;
    const done = await applyCall.run({ ...question, basis: planned.plan.basis });
    if (done === null) return;
    show({ text: t`Applied: ${shownChanges(done.changes).length} changes, all of them at once.` });
    navigate(paths.services());
  };
  const exportIt = async (): Promise<void> => {
    const answer = await exportCall.run({});
    if (answer !== null) saveFile('catalog.yaml', answer, 'application/yaml');
  };

  return (
    <section className="rule-editor stack" aria-label={t`Import`}>
      <header className="editor-head">
        <a className="small-text muted editor-back" href={paths.services()}>
          {t`All services`}
        </a>
        <Title className="title clip">{t`Import a catalog`}</Title>
        <span className="grow" />
        <Button isDisabled={exportCall.busy} onPress={() => void exportIt()}>
          {exportCall.busy ? t`Exporting…` : t`Export catalog.yaml`}
        </Button>
      </header>
      <p className="muted">{t`A catalog.yaml, or the catalog-info.yaml files of Backstage, one after the other.`}</p>
      {exportCall.failure === null ? null : <Failure what={t`It was not exported`} failure={exportCall.failure} />}
      <YamlField value={yaml} onChange={setYaml} placeholder={example} max={fileMax} />
      <div className="row wrap">
        <Checkbox isSelected={prune} onChange={setPrune}>
          {t`Delete what an earlier file brought and this one does not have`}
        </Checkbox>
        <span className="grow" />
        <Button
          unavailable={cannot ?? (yaml.trim() === '' ? t`There is no file yet.` : null)}
          isDisabled={planCall.busy}
          onPress={() => void plan()}
        >
          {planCall.busy ? t`Planning…` : t`Plan`}
        </Button>
        <Button look="primary" unavailable={cannot ?? reason} isDisabled={applyCall.busy} onPress={() => void apply()}>
          {applyCall.busy ? t`Applying…` : t`Apply`}
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
    </section>
  );
}
