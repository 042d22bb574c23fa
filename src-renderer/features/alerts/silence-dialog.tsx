import { useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Silence } from '#server/contract/silence.ts';
import { plural, t } from '../../language/words.ts';
import { useSession, useCan, useSubmit } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { checkSilence, durationPresets, emptyDraft, type SilenceDraft, utcField } from './silence-draft.ts';
import { conditionsFor, joinConditions, type MatcherCondition } from './silence-matcher.ts';
import { SilencePreview } from './silence-preview.tsx';

interface SilenceDialogProps {
  /** What it is made for; none starts an empty one. */
  alerts: readonly Alert[];
  kind?: Silence['kind'];
  onClose: () => void;
}

export function SilenceDialog({ alerts, kind = 'silence', onClose }: SilenceDialogProps) {
  const { uuid } = useSession();
  const submit = useSubmit();
  const cannot = useCan()('silence.save');
  const show = useToasts((state) => state.show);
  const nowMs = useServerNow();
  const [conditions] = useState(() => conditionsFor(alerts));
  const [draft, setDraft] = useState<SilenceDraft>(() => ({
    ...emptyDraft,
    kind,
    matcher: joinConditions(conditions, suggestedOf(conditions)),
  }));
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { window, errors } = checkSilence(draft, nowMs);
  const set = (change: Partial<SilenceDraft>): void => setDraft({ ...draft, ...change });
  const maintenance = draft.kind === 'maintenance';
  const noun = maintenance ? t`maintenance window` : t`silence`;

  const save = async (): Promise<void> => {
    setTried(true);
    if (window === null || busy || Object.keys(errors).length > 0) return;
    setBusy(true);
    const submitted = await submit({
      kind: 'silence.save',
      silenceId: uuid(),
      silenceKind: draft.kind,
      matcher: draft.matcher.trim(),
      reason: draft.reason.trim(),
      ...window,
    });
    const result = submitted.ok ? await submitted.settled : null;
    setBusy(false);
    if (!submitted.ok) return setRefusal(submitted.reason);
    if (result !== null && (result.outcome === 'rejected' || result.outcome === 'conflict'))
      return setRefusal(result.reason);
    show({
      text: t`The ${noun} lasts until ${window.endsAt.slice(11, 16)} UTC. What it holds back stays in the list, marked.`,
    });
    onClose();
  };

  return (
    <Dialog
      title={
        alerts.length === 0
          ? t`New ${noun}`
          : t`${plural(alerts.length, { one: 'Silence this alert', other: 'Silence # alerts' })}`
      }
      open
      wide
      onClose={onClose}
      foot={
        <>
          <span className="grow small-text muted">{t`Nothing is lost: what still fires when it ends surfaces then.`}</span>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void save()}>
            {busy ? t`Saving…` : maintenance ? t`Save the window` : t`Silence`}
          </Button>
        </>
      }
    >
      <div className="row wrap">
        <Segmented
          label={t`Kind`}
          options={[
            { value: 'silence', label: t`Silence` },
            { value: 'maintenance', label: t`Maintenance window` },
          ]}
          value={draft.kind}
          onChange={(next) => set({ kind: next })}
        />
        <span className="small-text muted">
          {maintenance ? t`Planned work: starts when you say.` : t`Known trouble: starts now.`}
        </span>
      </div>
      {conditions.length > 0 ? (
        <Conditions
          single={alerts.length === 1}
          conditions={conditions}
          matcher={draft.matcher}
          onChange={(matcher) => set({ matcher })}
        />
      ) : null}
      <TextField
        label={t`Which alerts (CEL over alert)`}
        code
        rows={2}
        value={draft.matcher}
        onChange={(matcher) => set({ matcher })}
        error={tried ? (errors.matcher ?? null) : null}
        placeholder={t`alert.service == "checkout" && alert.labels.env == "prod"`}
      />
      <SilencePreview matcher={draft.matcher} />
      {maintenance ? (
        <div className="field">
          <label htmlFor="silence-start">{t`Starts (UTC)`}</label>
          <input
            id="silence-start"
            className="input"
            type="datetime-local"
            value={draft.startsAt}
            onChange={(event) => set({ startsAt: event.target.value })}
          />
          <span className="help">
            {errors.startsAt !== undefined && tried ? errors.startsAt : t`Empty starts now.`}
          </span>
        </div>
      ) : null}
      <div className="field">
        <span className="label">{t`For`}</span>
        <div className="row wrap">
          <Segmented
            label={t`Duration`}
            options={[
              ...durationPresets.map((preset) => ({ value: String(preset.minutes), label: preset.label })),
              { value: 'until', label: t`until…` },
            ]}
            value={draft.minutes === null ? 'until' : String(draft.minutes)}
            onChange={(value) =>
              value === 'until'
                ? set({ minutes: null, endsAt: utcField(nowMs + 3_600_000) })
                : set({ minutes: Number(value) })
            }
          />
          {draft.minutes === null ? (
            <input
              className="input silence-until"
              type="datetime-local"
              aria-label={t`Until (UTC)`}
              value={draft.endsAt}
              onChange={(event) => set({ endsAt: event.target.value })}
            />
          ) : null}
          <span className="small-text muted">
            {window === null ? (errors.endsAt ?? '') : t`until ${window.endsAt.slice(0, 16).replace('T', ' ')} UTC`}
          </span>
        </div>
      </div>
      <TextField
        label={t`Why`}
        value={draft.reason}
        onChange={(reason) => set({ reason })}
        error={tried ? (errors.reason ?? null) : null}
        placeholder={t`Disk swap on pg-pay-0, back by 16:00`}
        autoFocus
      />
      {refusal === null ? null : (
        <p className="small-text" role="status">
          {t`It was not saved: ${refusal}`}
        </p>
      )}
    </Dialog>
  );
}

function suggestedOf(conditions: readonly MatcherCondition[]): Set<string> {
  return new Set(conditions.filter((condition) => condition.suggested).map((condition) => condition.name));
}

interface ConditionsProps {
  single: boolean;
  conditions: readonly MatcherCondition[];
  matcher: string;
  onChange: (matcher: string) => void;
}

/** What the selection has in common; ticking writes the matcher anew, editing it by hand leaves the ticks behind. */
function Conditions({ single, conditions, matcher, onChange }: ConditionsProps) {
  const chosen = new Set(
    conditions.filter((condition) => matcher.includes(condition.expression)).map((condition) => condition.name),
  );
  const shared = single ? t`What it has` : t`What they share`;
  const byHand = joinConditions(conditions, chosen) !== matcher;
  return (
    <div className="field" role="group" aria-label={t`What the selected alerts share`}>
      <span className="label">{byHand ? t`${shared}; ticking replaces your own text` : shared}</span>
      <div className="silence-conditions">
        {conditions.map((condition) => (
          <Checkbox
            key={condition.name}
            isSelected={chosen.has(condition.name)}
            onChange={(on) => {
              const next = new Set(chosen);
              if (on) next.add(condition.name);
              else next.delete(condition.name);
              onChange(joinConditions(conditions, next));
            }}
          >
            <span className="mono clip" title={condition.expression}>
              {condition.expression.replace(/^alert\.(labels\.)?/, '')}
            </span>
          </Checkbox>
        ))}
      </div>
    </div>
  );
}
