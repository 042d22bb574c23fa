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
    <div className="bulk-bar" role="toolbar" aria-label={`${count} selected alerts`}>
      <span className="strong nowrap" aria-live="polite">
        {count.toLocaleString('en')} selected
      </span>
      <Button command="acknowledge" unavailable={cannot.acknowledge} onPress={onAcknowledge}>
        Acknowledge
      </Button>
      <Button command="snooze" unavailable={cannot.silence} onPress={onSilence}>
        Silence…
      </Button>
      <Button unavailable={cannot.attach} onPress={onAttach}>
        Attach to INC…
      </Button>
      <Button command="declare" unavailable={cannot.declare} onPress={onDeclare}>
        Declare
      </Button>
      <Button look="ghost" icon="close" aria-label="Clear the selection" onPress={onClear} />
    </div>
  );
}
