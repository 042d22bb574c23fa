import { useState } from 'react';
import type { PagingSettings } from '#server/contract/paging-settings.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useToasts } from '../../ui/toast.tsx';

type Mode = PagingSettings['mode'];

const modeWords: Record<Mode, { label: string; is: string; warning: string; does: string }> = {
  live: {
    label: 'Live',
    is: 'Pages go out.',
    warning: 'From now on pages are sent to people. What is due at this moment goes out at once.',
    does: 'Let pages go out',
  },
  shadow: {
    label: 'Shadow',
    is: 'Everything is decided and written down; nothing is sent.',
    warning:
      'Nobody is paged by this center any more. Switch to this only while another pager sends the pages, and is known to work.',
    does: 'Stop sending',
  },
  paused: {
    label: 'Paused',
    is: 'What is due waits. Nobody is told anything.',
    warning: 'Nobody is paged at all. What comes due waits until paging is live again, and every screen says so.',
    does: 'Pause all paging',
  },
};

/** Live, shadow or paused: an administrator's choice, with what it means said before it is made. */
export function ModeSwitch({ mode, onChanged }: { mode: Mode | null; onChanged: () => void }) {
  const cannot = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const [asking, setAsking] = useState<Mode | null>(null);
  const call = useCall((api, next: Mode) => api.watchdog.set.mutate({ mode: next }));
  const run = async (next: Mode): Promise<void> => {
    const done = await call.run(next);
    setAsking(null);
    if (done === null) return;
    show({ text: `Paging is ${modeWords[done.mode].label.toLowerCase()} now. ${modeWords[done.mode].is}` });
    onChanged();
  };
  return (
    <div className="settings-line">
      <div className="two-line">
        <div className="medium">{mode === null ? 'The mode is not known now' : modeWords[mode].is}</div>
        <div>{cannot ?? 'Changes count for everybody, at once.'}</div>
      </div>
      {mode === null ? null : cannot === null ? (
        <Segmented
          label="Mode of paging"
          options={(['live', 'shadow', 'paused'] as const).map((value) => ({ value, label: modeWords[value].label }))}
          value={mode}
          onChange={(next) => {
            if (next !== mode) setAsking(next);
          }}
        />
      ) : (
        <span className="chip outlined">{modeWords[mode].label}</span>
      )}
      {call.failure === null ? null : <Failure what="The mode was not changed" failure={call.failure} />}
      {asking === null ? null : (
        <Dialog
          title={`${modeWords[asking].label}: ${modeWords[asking].is}`}
          open
          onClose={() => setAsking(null)}
          foot={
            <>
              <Button onPress={() => setAsking(null)}>Leave it</Button>
              <Button look="primary" isDisabled={call.busy} onPress={() => void run(asking)}>
                {call.busy ? 'Switching…' : modeWords[asking].does}
              </Button>
            </>
          }
        >
          <p>{modeWords[asking].warning}</p>
        </Dialog>
      )}
    </div>
  );
}
