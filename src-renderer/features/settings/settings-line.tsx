import type { ReactNode } from 'react';

/** One setting: what it is, what it does, and its control. */
export function SettingsLine({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <div className="settings-line">
      <div className="two-line">
        <div className="medium">{title}</div>
        <div>{about}</div>
      </div>
      {children}
    </div>
  );
}
