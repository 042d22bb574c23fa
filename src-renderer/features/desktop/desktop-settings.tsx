import { type ReactNode, useEffect, useState } from 'react';
import type { Bridge, HostInfo, QuietHours, ShellSettings, ShellStatus } from '../../../src-main/bridge.ts';
import { useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { PlainField } from '../../ui/plain-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { deviceZone, knownZones } from '../../zone-time.ts';
import { updateWords } from './update-words.ts';

/** What the desktop app does on this machine; a browser says that it has none of it. */
export function DesktopSettings() {
  const { desktop } = useSession().host;
  if (desktop === null)
    return (
      <p className="settings-block muted">
        This is a browser. The desktop app adds a tray, notifications with buttons, quiet hours, and opens without a
        network.
      </p>
    );
  return <Settings desktop={desktop} />;
}

function Settings({ desktop }: { desktop: Bridge }) {
  const [status, setStatus] = useState<ShellStatus | null>(null);
  const [host, setHost] = useState<HostInfo | null>(null);
  useEffect(() => {
    void desktop.shell.status().then(setStatus);
    return desktop.onShellStatus(setStatus);
  }, [desktop]);
  // Where the sign-in is kept follows from a setting.
  const plain = status?.settings.plainSession;
  useEffect(() => void desktop.host().then(setHost), [desktop, plain]);
  if (status === null || host === null) return null;
  const { settings } = status;
  const change = (next: Partial<ShellSettings>): void => void desktop.shell.change(next).then(setStatus);
  return (
    <>
      <Line
        title="On a locked screen"
        about={
          status.knowsLock
            ? 'How much of a notification may be read while this machine is locked.'
            : 'This system does not say when it is locked, so this holds for every notification.'
        }
      >
        <Segmented
          label="On a locked screen"
          options={[
            { value: 'full', label: 'everything' },
            { value: 'title', label: 'title only' },
            { value: 'none', label: 'nothing' },
          ]}
          value={settings.lockScreen}
          onChange={(lockScreen) => change({ lockScreen })}
        />
      </Line>
      <Quiet quiet={settings.quiet} onChange={(quiet) => change({ quiet })} />
      <Line
        title="Closing the window"
        about={
          settings.onClose === 'quit'
            ? 'Ends the app: then nothing pages you on this machine.'
            : `Puts it away ${status.tray ? 'in the tray' : 'in the taskbar'}; pages still reach you.`
        }
      >
        <Segmented
          label="Closing the window"
          options={[
            { value: 'hide', label: 'keeps it running' },
            { value: 'quit', label: 'quits' },
          ]}
          value={settings.onClose}
          onChange={(onClose) => change({ onClose })}
        />
      </Line>
      <Line
        title="Sign-in on this machine"
        about={host.sessionStorageWhy ?? 'Kept in the safe storage of this system.'}
      >
        {host.sessionStorage === 'safe' || settings.plainSession === null ? null : (
          <Segmented
            label="Sign-in on this machine"
            options={[
              { value: 'memory', label: 'sign in anew' },
              { value: 'plain', label: 'keep it readable' },
            ]}
            value={settings.plainSession ? 'plain' : 'memory'}
            onChange={(kept) => change({ plainSession: kept === 'plain' })}
          />
        )}
      </Line>
      <Updates status={status} version={host.appVersion} desktop={desktop} onStatus={setStatus} />
      <Line
        title="Crash reports"
        about={`${status.crashReports === 0 ? 'None' : status.crashReports} on this machine, without names, keys and addresses. Nothing is ever sent.`}
      >
        <div className="row">
          <Button isDisabled={status.crashReports === 0} onPress={() => void desktop.shell.showCrashReports()}>
            Show the folder
          </Button>
          <Button
            isDisabled={status.crashReports === 0}
            onPress={() => void desktop.shell.removeCrashReports().then(setStatus)}
          >
            Remove them
          </Button>
        </div>
      </Line>
    </>
  );
}

function Updates({
  status,
  version,
  desktop,
  onStatus,
}: {
  status: ShellStatus;
  version: string;
  desktop: Bridge;
  onStatus: (status: ShellStatus) => void;
}) {
  const { updates, settings } = status;
  return (
    <Line title="Updates" about={`This is version ${version}. ${updateWords(updates)}`}>
      <div className="row">
        {updates.kind === 'ready' ? (
          <Button
            look="primary"
            unavailable={updates.waitsFor}
            onPress={() => void desktop.shell.restartToUpdate().then(onStatus)}
          >
            Restart into {updates.version}
          </Button>
        ) : (
          <Button
            isDisabled={settings.updates === 'off' || updates.kind === 'checking' || updates.kind === 'downloading'}
            onPress={() => void desktop.shell.checkForUpdates().then(onStatus)}
          >
            Look for updates
          </Button>
        )}
        <Segmented
          label="Updates"
          options={[
            { value: 'auto', label: 'by themselves' },
            { value: 'off', label: 'off' },
          ]}
          value={settings.updates}
          onChange={(kind) => void desktop.shell.change({ updates: kind }).then(onStatus)}
        />
      </div>
    </Line>
  );
}

const night = { from: '22:00', to: '07:00' };

function Quiet({ quiet, onChange }: { quiet: QuietHours | null; onChange: (quiet: QuietHours | null) => void }) {
  const [zone, setZone] = useState(quiet?.zone ?? deviceZone());
  const known = knownZones().includes(zone);
  return (
    <>
      <Line
        title="Quiet hours"
        about="Nothing but pages is shown then, and those only while you are on call. Your phone has hours of its own."
      >
        <Checkbox isSelected={quiet !== null} onChange={(on) => onChange(on ? { ...night, zone } : null)}>
          Keep them
        </Checkbox>
      </Line>
      {quiet === null ? null : (
        <div className="settings-block settings-form">
          <PlainField
            label="From"
            type="time"
            value={quiet.from}
            onChange={(from) => (from === '' ? undefined : onChange({ ...quiet, from }))}
          />
          <PlainField
            label="To"
            type="time"
            value={quiet.to}
            onChange={(to) => (to === '' ? undefined : onChange({ ...quiet, to }))}
          />
          <ZoneField
            label="Time zone"
            value={zone}
            error={known ? null : 'No zone has this name'}
            onChange={(next) => {
              setZone(next);
              if (knownZones().includes(next)) onChange({ ...quiet, zone: next });
            }}
          />
        </div>
      )}
    </>
  );
}

function Line({ title, about, children }: { title: string; about: string; children: ReactNode }) {
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
