import { type KeyboardEvent as KeyPress, type ReactNode, useEffect, useRef } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { t } from '../language/words.ts';
import { Button } from './button.tsx';

interface DialogProps {
  title: ReactNode;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Buttons; the filled one last. */
  foot?: ReactNode;
  wide?: boolean;
}

/** Its first field has the keyboard, Ctrl Enter presses the filled button, Esc or a click outside closes it. */
export function Dialog({ title, open, onClose, children, foot, wide = false }: DialogProps) {
  useEscapeWithoutFocus(open, onClose);
  return (
    <ModalOverlay
      className="overlay"
      isOpen={open}
      isDismissable
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Modal className={wide ? 'modal wide' : 'modal'}>
        <div className="contents" onKeyDownCapture={pressFilled}>
          <AriaDialog className="dialog">
            <div className="dialog-head">
              <Heading slot="title" className="title grow">
                {title}
              </Heading>
              <Button look="ghost" compact icon="close" aria-label={t`Close`} onPress={onClose} />
            </div>
            <div className="dialog-body">{children}</div>
            {foot === undefined ? null : <div className="dialog-foot">{foot}</div>}
            <FirstField />
          </AriaDialog>
        </div>
      </Modal>
    </ModalOverlay>
  );
}

/** Before the fields hear it: a select keeps keys to itself. A held key presses nothing that came after the first. */
function pressFilled(event: KeyPress<HTMLElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  const filled = event.currentTarget.querySelector<HTMLElement>('.dialog-foot .button.primary');
  if (filled === null) return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat) filled.click();
}

/** Last in the dialog: whatever asks for the focus by itself has it by then. */
function FirstField() {
  const own = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const dialog = own.current?.closest('.dialog');
    if (dialog === null || dialog === undefined || dialog.contains(document.activeElement)) return;
    const fields = [
      '.select-trigger',
      'textarea',
      'input:not([type=hidden], [type=checkbox], [type=radio], [type=file])',
    ];
    const usable = fields.map((field) => `.dialog-body ${field}:not(:disabled, [tabindex="-1"])`);
    dialog.querySelector<HTMLElement>(usable.join())?.focus();
  }, []);
  return <span ref={own} hidden />;
}

/** A button that is switched off while it works loses the focus, and with it the dialog would not hear Esc. */
function useEscapeWithoutFocus(open: boolean, onClose: () => void): void {
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (!open) return undefined;
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || document.activeElement !== document.body) return;
      event.stopPropagation();
      close.current();
    };
    document.addEventListener('keydown', listen, true);
    return () => document.removeEventListener('keydown', listen, true);
  }, [open]);
}
