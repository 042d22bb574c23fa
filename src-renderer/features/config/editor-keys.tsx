import { type RefObject, useEffect, useRef } from 'react';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { useCommands } from '../../ui/commands.ts';
import { intoView } from '../../ui/into-view.ts';
import type { EditorStanding } from './use-editor-form.ts';

interface EditorKeysProps {
  editor: EditorStanding;
  isNew: boolean;
  cannot: string | null;
  /** Where Escape leads. */
  back: string | null;
  onSave: () => void;
}

/** The keys of the editor that it stands in. */
export function EditorKeys({ editor, isNew, cannot, back, onSave }: EditorKeysProps) {
  const place = useRef<HTMLSpanElement>(null);
  const unchanged = isNew || editor.changed ? null : t`Nothing is changed.`;
  useCommands(back === null ? [] : [{ id: 'back', label: t`back`, run: () => navigate(back) }]);
  useCommands([{ id: 'save', label: t`save`, hint: editor.changed, unavailable: cannot ?? unchanged, run: onSave }]);
  useFirstFault(place, editor.invalidTries);
  useLeaveForConflict(place, editor.conflicts.length > 0);
  useEscapeOutOfFields(place);
  return <span ref={place} hidden />;
}

type Place = RefObject<HTMLElement | null>;

/** Who tried to save is taken to the first field that is not valid. */
function useFirstFault(place: Place, tries: number): void {
  useEffect(() => {
    if (tries === 0) return;
    const fault = place.current?.parentElement?.querySelector('[aria-invalid="true"]');
    if (fault instanceof HTMLElement) fault.focus();
  }, [place, tries]);
}

/** The sheet that asks is answered by single keys, which a field would take for text. */
function useLeaveForConflict(place: Place, asked: boolean): void {
  useEffect(() => {
    if (asked) intoView(place.current?.parentElement?.querySelector<HTMLElement>('.conflict') ?? null);
    const focused = document.activeElement;
    if (asked && focused instanceof HTMLElement && place.current?.parentElement?.contains(focused) === true)
      focused.blur();
  }, [place, asked]);
}

/** The first Escape leaves the field, the next one the editor. */
function useEscapeOutOfFields(place: Place): void {
  useEffect(() => {
    const listen = ({ key, target, defaultPrevented }: KeyboardEvent): void => {
      if (key !== 'Escape' || defaultPrevented || !(target instanceof HTMLElement)) return;
      const inside = place.current?.parentElement?.contains(target) === true;
      if (inside && target.matches('input, textarea') && target.getAttribute('aria-expanded') !== 'true') target.blur();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [place]);
}
