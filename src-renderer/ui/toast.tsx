import type { ReactNode } from 'react';
import { create } from 'zustand';
import { t } from '../language/words.ts';
import { after } from '../time.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

interface Toast {
  key: number;
  text: ReactNode;
  icon: IconName;
  action: { label: string; run: () => void } | null;
}

interface ToastStore {
  toasts: Toast[];
  nextKey: number;
  show: (toast: {
    text: ReactNode;
    icon?: IconName;
    action?: { label: string; run: () => void };
    /** Nothing came of it and nothing was lost: it goes by itself as well. */
    passing?: boolean;
  }) => void;
  dismiss: (key: number) => void;
}

/** Newest last, three at most: what is older is on the timeline or in the outbox anyway. */
const shownMax = 3;

/** A confirmation goes by itself; what asks for something, or says that something failed, waits to be dismissed. */
const confirmationMs = 5_000;

export const useToasts = create<ToastStore>((set, get) => ({
  toasts: [],
  nextKey: 1,
  show: ({ text, icon = 'check', action, passing = icon === 'check' && action === undefined }) => {
    const key = get().nextKey;
    set((state) => ({
      // Said again it is one, not a pile.
      toasts: [
        ...state.toasts.filter((toast) => typeof text !== 'string' || toast.text !== text),
        { key, text, icon, action: action ?? null },
      ].slice(-shownMax),
      nextKey: key + 1,
    }));
    if (passing) after(confirmationMs, () => get().dismiss(key));
  },
  dismiss: (key) => set((state) => ({ toasts: state.toasts.filter((toast) => toast.key !== key) })),
}));

export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  const dismiss = useToasts((state) => state.dismiss);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.key} className="toast">
          <span className="muted">
            <Icon name={toast.icon} />
          </span>
          <div className="grow wrap-any">{toast.text}</div>
          {toast.action === null ? null : (
            <Button
              compact
              onPress={() => {
                toast.action?.run();
                dismiss(toast.key);
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <Button look="ghost" compact icon="close" aria-label={t`Dismiss`} onPress={() => dismiss(toast.key)} />
        </div>
      ))}
    </div>
  );
}
