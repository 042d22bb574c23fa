import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';

interface DeleteButtonProps {
  name: string;
  unavailable: string | null;
  onPress: () => void;
}

/** In the head of what can be deleted; the dialog that it opens asks. */
export function DeleteButton({ name, unavailable, onPress }: DeleteButtonProps) {
  return (
    <Button look="ghost" icon="trash" aria-label={t`Delete ${name}`} unavailable={unavailable} onPress={onPress} />
  );
}
