import { useState } from 'react';
import type { GroupingRuleDraft } from '#server/contract/grouping.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TrialResult } from './trial-result.tsx';

type Days = '1' | '7' | '30';

/** The time machine: what the rule would have done to stored alerts. Saving does not wait for it. */
export function RuleTrialPanel({ draft, ruleId }: { draft: GroupingRuleDraft | null; ruleId: string | null }) {
  const cannot = useCanRole()('responder');
  const [days, setDays] = useState<Days>('7');
  const [tried, setTried] = useState<string | null>(null);
  const call = useCall((api, input: { draft: GroupingRuleDraft; days: number }) =>
    api.grouping.tryRule.query({ ...input, ruleId }),
  );
  const [result, setResult] = useState<Awaited<ReturnType<typeof call.run>>>(null);
  const question = JSON.stringify([draft, days]);

  const run = async (): Promise<void> => {
    if (draft === null) return;
    const answer = await call.run({ draft, days: Number(days) });
    if (answer === null) return;
    setResult(answer);
    setTried(question);
  };

  return (
    <Panel label={t`Time machine`}>
      <div className="trial-head">
        <h2 className="strong">{t`Time machine`}</h2>
        <span className="small-text muted">{t`what it would have done to the last`}</span>
        <Segmented
          label={t`Days to try it on`}
          options={[
            { value: '1', label: t`1 day` },
            { value: '7', label: t`7 days` },
            { value: '30', label: t`30 days` },
          ]}
          value={days}
          onChange={setDays}
        />
        <span className="grow" />
        <Button
          icon="replay"
          unavailable={cannot ?? (draft === null ? t`A field is not valid yet.` : null)}
          isDisabled={call.busy}
          onPress={() => void run()}
        >
          {call.busy ? t`Replaying…` : t`Try it`}
        </Button>
      </div>
      {call.failure === null ? null : (
        <div className="panel-body">
          <Failure what={t`The rule could not be tried`} failure={call.failure} onRetry={() => void run()} />
        </div>
      )}
      {result === null ? (
        call.failure === null ? (
          <p className="panel-body small-text muted">
            {t`Replays the stored alerts through the rules with this one in its place, and shows the incidents beside those that really happened. It changes nothing and pages nobody.`}
          </p>
        ) : null
      ) : (
        <TrialResult trial={result} outdated={tried !== question} />
      )}
    </Panel>
  );
}
