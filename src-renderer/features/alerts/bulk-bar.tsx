import { numberText, t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';

interface BulkBarProps {
  count: number;
  /** Why responding is not possible now, if it is not. */
  cannot: { acknowledge: string | null; silence: string | null; attach: string | null; declare: string | null };
  onAcknowledge: () => void;
  onSilence: () => void;
  onAttach: () => void;
  onDeclare: () => void;
  onClear: () => void;
}

export function BulkBar({ count, cannot, onAcknowledge, onSilence, onAttach, onDeclare, onClear }: BulkBarProps) {
  return (
    <div className="bulk-bar" role="toolbar" aria-label={t`${count} selected alerts`}>
      <span className="strong nowrap" aria-live="polite">
        {t`${numberText(count)} selected`}
      </span>
      <Button command="acknowledge" unavailable={cannot.acknowledge} onPress={onAcknowledge}>
        {t`Acknowledge`}
      </Button>
      <Button command="snooze" unavailable={cannot.silence} onPress={onSilence}>
        {t`Silence…`}
      </Button>
      <Button unavailable={cannot.attach} onPress={onAttach}>
        {t`Attach to INC…`}
      </Button>
      <Button command="declare" unavailable={cannot.declare} onPress={onDeclare}>
        {t`Declare`}
      </Button>
      <Button look="ghost" icon="close" aria-label={t`Clear the selection`} onPress={onClear} />
    </div>
  );
}
