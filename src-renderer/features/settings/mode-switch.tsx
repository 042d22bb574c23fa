import { useState } from 'react';
import type { PagingSettings } from '#server/contract/paging-settings.ts';
import type { WatchdogStatus } from '#server/contract/watchdog.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { SettingsLine } from './settings-line.tsx';

type Mode = PagingSettings['mode'];

const modeWords: Record<Mode, { label: string; is: string; warning: string; does: string; done: string }> = {
  live: {
    label: t`Live`,
    is: t`Pages go out.`,
    warning: t`From now on pages are sent to people. What is due at this moment goes out at once.`,
    does: t`Let pages go out`,
    done: t`Paging is live now.`,
  },
  shadow: {
    label: t`Shadow`,
    is: t`Everything is decided and written down; nothing is sent.`,
    warning: t`Nobody is paged by this center any more. Switch to this only while another pager sends the pages, and is known to work.`,
    does: t`Stop sending`,
    done: t`Paging is shadow now.`,
  },
  paused: {
    label: t`Paused`,
    is: t`What is due waits. Nobody is told anything.`,
    warning: t`Nobody is paged at all. What comes due waits until paging is live again, and every screen says so.`,
    does: t`Pause all paging`,
    done: t`Paging is paused now.`,
  },
};

/** Live, shadow or paused: an administrator's choice, with what it means said before it is made. */
export function ModeSwitch({
  now,
  onChanged,
}: {
  now: Pick<WatchdogStatus, 'mode' | 'settingsVersion'> | null;
  /** Also when it was not: somebody else may have. */
  onChanged: () => void;
}) {
  const mode = now?.mode ?? null;
  const cannot = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const [asking, setAsking] = useState<{ mode: Mode; baseVersion: number } | null>(null);
  const call = useCall((api, next: { mode: Mode; baseVersion: number }) => api.watchdog.set.mutate(next));
  const run = async (next: { mode: Mode; baseVersion: number }): Promise<void> => {
    const done = await call.run(next);
    setAsking(null);
    onChanged();
    if (done === null) return;
    show({ text: `${modeWords[done.mode].done} ${modeWords[done.mode].is}` });
  };
  return (
    <SettingsLine
      title={mode === null ? t`The mode is not known now` : modeWords[mode].is}
      about={cannot ?? t`Changes count for everybody, at once.`}
    >
      {mode === null ? null : cannot === null ? (
        <Segmented
          label={t`Mode of paging`}
          options={(['live', 'shadow', 'paused'] as const).map((value) => ({ value, label: modeWords[value].label }))}
          value={mode}
          onChange={(next) => {
            if (next !== mode && now !== null) setAsking({ mode: next, baseVersion: now.settingsVersion });
          }}
        />
      ) : (
        <span className="chip outlined">{modeWords[mode].label}</span>
      )}
      {call.failure === null ? null : <Failure what={t`The mode was not changed`} failure={call.failure} />}
      {asking === null ? null : (
        <Dialog
          title={`${modeWords[asking.mode].label}: ${modeWords[asking.mode].is}`}
          open
          onClose={() => setAsking(null)}
          foot={
            <>
              <Button onPress={() => setAsking(null)}>{t`Leave it`}</Button>
              <Button look="primary" isDisabled={call.busy} onPress={() => void run(asking)}>
                {call.busy ? t`Switching…` : modeWords[asking.mode].does}
              </Button>
            </>
          }
        >
          <p>{modeWords[asking.mode].warning}</p>
        </Dialog>
      )}
    </SettingsLine>
  );
}
