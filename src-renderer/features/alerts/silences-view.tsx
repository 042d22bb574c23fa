import { useState } from 'react';
import type { Silence } from '#server/contract/silence.ts';
import { rich } from '../../language/rich.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCan, useNameOf, useSubmit, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { durationWords } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { CopyLink } from '../links/copy-link.tsx';
import { orderSilences, type SilenceState, silenceState } from './silence-draft.ts';

const endedShown = 30;
const stateTitles: Record<SilenceState, string> = { active: t`Active`, upcoming: t`Upcoming`, ended: t`Ended` };

/** Silences and maintenance windows: what holds alerts back now, what will, and what did. */
export function SilencesView({ onNew }: { onNew: (kind: Silence['kind']) => void }) {
  const table = useTable('silence');
  const nowMs = useServerNow();
  const cannot = useCan()('silence.save');
  const [ending, setEnding] = useState<Silence | null>(null);
  const ordered = orderSilences(table.rows.values(), nowMs);
  const heldBack = ordered.active.reduce((sum, silence) => sum + silence.suppressedCount, 0);

  return (
    <div className="silences">
      <div className="row wrap silences-actions">
        <span className="grow muted">
          {ordered.active.length === 0
            ? t`Nothing is held back now.`
            : t`${plural(heldBack, { one: '1 alert is', other: '# alerts are' })} held back now. They stay in the list, marked silenced.`}
        </span>
        <Button icon="plus" unavailable={cannot} onPress={() => onNew('maintenance')}>
          {t`Maintenance window`}
        </Button>
        <Button look="primary" icon="plus" unavailable={cannot} onPress={() => onNew('silence')}>
          {t`Silence`}
        </Button>
      </div>
      {table.rows.size === 0 ? (
        <Empty title={t`No silence yet`}>
          {t`A silence holds matching alerts back for a while, with a reason: they stay in the list and surface if they outlive it. Select alerts and press z, or plan a maintenance window.`}
        </Empty>
      ) : null}
      <Section state="active" silences={ordered.active} nowMs={nowMs} onEnd={setEnding} />
      <Section state="upcoming" silences={ordered.upcoming} nowMs={nowMs} onEnd={setEnding} />
      <Section state="ended" silences={ordered.ended.slice(0, endedShown)} nowMs={nowMs} onEnd={setEnding} />
      {ending === null ? null : <EndDialog silence={ending} nowMs={nowMs} onClose={() => setEnding(null)} />}
    </div>
  );
}

interface SectionProps {
  state: SilenceState;
  silences: readonly Silence[];
  nowMs: number;
  onEnd: (silence: Silence) => void;
}

function Section({ state, silences, nowMs, onEnd }: SectionProps) {
  const nameOf = useNameOf();
  const cannot = useCan()('silence.end');
  if (silences.length === 0) return null;
  const title = stateTitles[state];
  return (
    <section aria-label={title}>
      <SectionHead title={title} count={silences.length} />
      <ul className="silence-list">
        {silences.map((silence) => (
          <li key={silence.id} className={state === 'ended' ? 'muted' : undefined}>
            <Icon name={silence.kind === 'maintenance' ? 'settings' : 'alerts'} />
            <div className="two-line">
              <div className="clip medium" title={silence.reason}>
                {silence.reason}
              </div>
              <div className="clip">
                <span className="mono">{silence.matcher}</span>
              </div>
            </div>
            <div className="two-line silence-who">
              <div className="clip">{nameOf(silence.createdBy)}</div>
              <div>{silence.kind === 'maintenance' ? t`maintenance window` : t`silence`}</div>
            </div>
            <div className="two-line silence-when">
              <div>{when(silence, nowMs)}</div>
              <div>
                {rich`${<Time at={silence.startsAt} />} to ${<Time at={silence.endedAt ?? silence.endsAt} zone />}`}
              </div>
            </div>
            <div className="silence-count">
              {state === 'active' ? (
                <a href={paths.alerts({ state: 'suppressed' })}>
                  {t`${numberText(silence.suppressedCount)} held back`}
                </a>
              ) : null}
            </div>
            <div className="silence-end row">
              <CopyLink entity="silence" id={silence.id} />
              {state === 'ended' ? null : (
                <Button compact unavailable={cannot} onPress={() => onEnd(silence)}>
                  {state === 'active' ? t`End now…` : t`Cancel…`}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function EndDialog({ silence, nowMs, onClose }: { silence: Silence; nowMs: number; onClose: () => void }) {
  const submit = useSubmit();
  const active = silenceState(silence, nowMs) === 'active';
  const end = (): void => {
    void submit({ kind: 'silence.end', silenceId: silence.id });
    onClose();
  };
  return (
    <Dialog
      title={active ? t`End this silence now?` : t`Cancel this silence?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Leave it`}</Button>
          <Button look="primary" onPress={end}>
            {active ? t`End it` : t`Cancel it`}
          </Button>
        </>
      }
    >
      <p>
        <b>{silence.reason}</b>
      </p>
      <p className="muted">
        {active
          ? t`${plural(silence.suppressedCount, { one: '1 alert that it holds back surfaces', other: '# alerts that it holds back surface' })} at once and may open incidents.`
          : t`It will hold nothing back.`}
      </p>
    </Dialog>
  );
}

function when(silence: Silence, nowMs: number): string {
  const state = silenceState(silence, nowMs);
  if (state === 'active') return t`ends in ${durationWords(Date.parse(silence.endsAt) - nowMs)}`;
  if (state === 'upcoming') return t`starts in ${durationWords(Date.parse(silence.startsAt) - nowMs)}`;
  return silence.endedAt === null ? t`ran out` : t`ended early`;
}
