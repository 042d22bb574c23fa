import type { Call } from '../../api/asked.tsx';
import { Failure } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useCanRole, useNameOf } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';

interface SettingsSaveProps {
  call: Pick<Call<never, unknown>, 'busy' | 'failure' | 'forget'>;
  /** Why it cannot be saved as it stands: nothing was changed, or it is not valid. */
  idle: boolean;
  /** What others changed meanwhile, and what it is now in words. */
  byOthers: readonly { key: string; by: string; at: string; now: string }[];
  /** Shows theirs, and drops what was typed. */
  onDrop: () => void;
  /** Saves over theirs, which were seen. */
  onAllTheSame: () => void;
  look?: 'primary' | 'plain';
}

/** The foot of a form for administrators: why it was not saved, what somebody else did meanwhile, and what to do about it. */
export function SettingsSave({ call, idle, byOthers, onDrop, onAllTheSame, look = 'plain' }: SettingsSaveProps) {
  const cannot = useCanRole()('admin');
  const nameOf = useNameOf();
  const overtaken = byOthers.length > 0;
  return (
    <div className="stack settings-save">
      {call.failure === null ? null : <Failure what={t`It was not saved`} failure={call.failure} />}
      {overtaken ? (
        <ul role="status" aria-label={t`Changed by somebody else meanwhile`}>
          {byOthers.map(({ key, by, at, now }) => (
            <li key={key} className="settings-outcome">
              <Icon name="person" />
              <span className="wrap-any">
                {rich`${<span className="medium">{t`${nameOf(by)} changed this meanwhile`}</span>}, at ${<Time at={at} zone />}. It stands now as: ${now}.`}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="row wrap">
        {overtaken ? (
          <Button
            onPress={() => {
              call.forget();
              onDrop();
            }}
          >
            {t`Drop mine, show it as it is now`}
          </Button>
        ) : null}
        {overtaken && call.failure?.code === 'conflict' ? (
          <Button isDisabled={call.busy || idle} onPress={onAllTheSame}>
            {t`Save mine all the same`}
          </Button>
        ) : (
          <Button type="submit" look={look} unavailable={cannot} isDisabled={call.busy || idle}>
            {call.busy ? t`Saving…` : t`Save`}
          </Button>
        )}
      </div>
    </div>
  );
}
