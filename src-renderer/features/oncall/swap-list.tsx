import { useMemo, useState } from 'react';
import { roleAtLeast } from '#server/contract/people.ts';
import type { Swap, SwapDraft } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe, useNameOf, useSubmit, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Panel, SectionHead } from '../../ui/panel.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { placeOf } from '../../zone-time.ts';
import { Refusal } from '../config/editor-head.tsx';
import { useDocumentActions } from '../config/use-document.ts';
import { spanWords } from './oncall-words.ts';
import { openSwaps, swapSide } from './swap-facts.ts';

/** Requests that somebody may answer, those to me first. */
export function SwapList({ scheduleId = null }: { scheduleId?: string | null }) {
  const me = useMe();
  const swaps = useTable('swap');
  const minute = useServerStep(60_000);
  const open = useMemo(
    () =>
      openSwaps(swaps.rows.values(), me.id, minute).filter(
        (swap) => scheduleId === null || swap.scheduleId === scheduleId,
      ),
    [swaps, me.id, minute, scheduleId],
  );
  if (open.length === 0) return null;
  const list = (
    <ul className="oncall-swaps" aria-label={t`Swap requests`}>
      {open.map((swap) => (
        <SwapRow key={swap.id} swap={swap} />
      ))}
    </ul>
  );
  if (scheduleId !== null) {
    return (
      <Panel title={t`Swap requests`} count={open.length} label={t`Swap requests`}>
        <div className="panel-body">{list}</div>
      </Panel>
    );
  }
  return (
    <>
      <SectionHead title={t`Swap requests`} count={open.length} />
      {list}
    </>
  );
}

function SwapRow({ swap }: { swap: Swap }) {
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const submit = useSubmit();
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [refusal, setRefusal] = useState<string | null>(null);
  const schedule = useTable('schedule').rows.get(swap.scheduleId);
  const zone = schedule?.timeZone ?? 'UTC';
  const side = swapSide(swap, me.id, roleAtLeast(me.role, 'manager'));

  const answer = async (accept: boolean): Promise<void> => {
    const submitted = await submit({ kind: 'swap.answer', swapId: swap.id, accept });
    const result = submitted.ok ? await submitted.settled : null;
    if (!submitted.ok) return setRefusal(submitted.reason);
    if (result?.outcome === 'rejected' || result?.outcome === 'conflict') return setRefusal(result.reason);
    show({ text: accept ? t`The shift is yours.` : t`You declined; the shift stays where it is.` });
  };
  const withdraw = async (): Promise<void> => {
    const draft: SwapDraft = { ...draftOf(swap), status: 'withdrawn' };
    const saved = await save({ kind: 'swap', draft }, { id: swap.id, version: swap.version });
    if (saved.outcome === 'refused') setRefusal(saved.reason);
  };

  const what = schedule?.name ?? t`a shift`;
  return (
    <li>
      <div className="medium">
        {swap.fromUserId === me.id ? t`You give ${what}` : t`${nameOf(swap.fromUserId)} gives ${what}`}
      </div>
      <div className="small-text muted">
        {spanWords(swap.give, zone)} {placeOf(zone)}
      </div>
      {swap.takeBack === null ? null : (
        <div className="small-text muted">
          {swap.toUserId === me.id
            ? t`for ${spanWords(swap.takeBack, zone)} ${placeOf(zone)} of yours`
            : t`for ${spanWords(swap.takeBack, zone)} ${placeOf(zone)} of ${nameOf(swap.toUserId)}`}
        </div>
      )}
      <div className="small-text muted">
        {swap.toUserId === null
          ? t`to whoever takes it first`
          : swap.toUserId === me.id
            ? t`asks you`
            : t`asks ${nameOf(swap.toUserId)}`}
        {swap.reason === '' ? '' : `: ${swap.reason}`}
      </div>
      {side === 'other' ? null : (
        <div className="row wrap">
          {side === 'asked' ? (
            <>
              <Button compact unavailable={can('swap.answer')} onPress={() => void answer(true)}>
                {swap.toUserId === null ? t`Take this shift` : t`Accept`}
              </Button>
              {swap.toUserId === null ? null : (
                <Button compact look="ghost" unavailable={can('swap.answer')} onPress={() => void answer(false)}>
                  {t`Decline`}
                </Button>
              )}
            </>
          ) : (
            <Button
              compact
              look="ghost"
              isDisabled={busy}
              unavailable={can('config.save')}
              onPress={() => void withdraw()}
            >
              {t`Withdraw`}
            </Button>
          )}
        </div>
      )}
      <Refusal reason={refusal} what={t`Refused`} />
    </li>
  );
}

function draftOf({ scheduleId, fromUserId, toUserId, give, takeBack, reason, status, answeredAt }: Swap): SwapDraft {
  return { scheduleId, fromUserId, toUserId, give, takeBack, reason, status, answeredAt };
}
