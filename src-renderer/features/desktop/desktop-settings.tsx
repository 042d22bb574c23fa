import { useEffect, useState } from 'react';
import type { Bridge, HostInfo, QuietHours, ShellSettings, ShellStatus } from '../../../src-main/bridge.ts';
import { t } from '../../language/words.ts';
import { useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { PlainField } from '../../ui/plain-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { deviceZone, knownZones } from '../../zone-time.ts';
import { SettingsLine } from '../settings/settings-line.tsx';
import { updateWords } from './update-words.ts';

/** What the desktop app does on this machine; a browser says that it has none of it. */
export function DesktopSettings() {
  const { desktop } = useSession().host;
  if (desktop === null)
    return (
      <p className="settings-block muted">
        {t`This is a browser. The desktop app adds a tray, notifications with buttons, quiet hours of one machine, and a center of its own.`}
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
      <SettingsLine
        title={t`On a locked screen`}
        about={
          status.knowsLock
            ? t`How much of a notification may be read while this machine is locked.`
            : t`This system does not say when it is locked, so this holds for every notification.`
        }
      >
        <Segmented
          label={t`On a locked screen`}
          options={[
            { value: 'full', label: t`everything` },
            { value: 'title', label: t`title only` },
            { value: 'none', label: t`nothing` },
          ]}
          value={settings.lockScreen}
          onChange={(lockScreen) => change({ lockScreen })}
        />
      </SettingsLine>
      <Quiet quiet={settings.quiet} onChange={(quiet) => change({ quiet })} />
      <SettingsLine
        title={t`Closing the window`}
        about={
          settings.onClose === 'quit'
            ? t`Ends the app: then nothing pages you on this machine.`
            : status.tray
              ? t`Puts it away in the tray; pages still reach you.`
              : t`Puts it away in the taskbar; pages still reach you.`
        }
      >
        <Segmented
          label={t`Closing the window`}
          options={[
            { value: 'hide', label: t`keeps it running` },
            { value: 'quit', label: t`quits` },
          ]}
          value={settings.onClose}
          onChange={(onClose) => change({ onClose })}
        />
      </SettingsLine>
      <SettingsLine
        title={t`Sign-in on this machine`}
        about={host.sessionStorageWhy ?? t`Kept in the safe storage of this system.`}
      >
        {host.sessionStorage === 'safe' || settings.plainSession === null ? null : (
          <Segmented
            label={t`Sign-in on this machine`}
            options={[
              { value: 'memory', label: t`sign in anew` },
              { value: 'plain', label: t`keep it readable` },
            ]}
            value={settings.plainSession ? 'plain' : 'memory'}
            onChange={(kept) => change({ plainSession: kept === 'plain' })}
          />
        )}
      </SettingsLine>
      <Updates status={status} version={host.appVersion} desktop={desktop} onStatus={setStatus} />
      <SettingsLine
        title={t`Crash reports`}
        about={
          status.crashReports === 0
            ? t`None on this machine. Nothing is ever sent.`
            : t`${status.crashReports} on this machine, without names, keys and addresses. Nothing is ever sent.`
        }
      >
        <div className="row">
          <Button isDisabled={status.crashReports === 0} onPress={() => void desktop.shell.showCrashReports()}>
            {t`Show the folder`}
          </Button>
          <Button
            isDisabled={status.crashReports === 0}
            onPress={() => void desktop.shell.removeCrashReports().then(setStatus)}
          >
            {t`Remove them`}
          </Button>
        </div>
      </SettingsLine>
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
    <SettingsLine title={t`Updates`} about={t`This is version ${version}. ${updateWords(updates)}`}>
      <div className="row">
        {updates.kind === 'ready' ? (
          <Button
            look="primary"
            unavailable={updates.waitsFor}
            onPress={() => void desktop.shell.restartToUpdate().then(onStatus)}
          >
            {t`Restart into ${updates.version}`}
          </Button>
        ) : (
          <Button
            isDisabled={settings.updates === 'off' || updates.kind === 'checking' || updates.kind === 'downloading'}
            onPress={() => void desktop.shell.checkForUpdates().then(onStatus)}
          >
            {t`Look for updates`}
          </Button>
        )}
        <Segmented
          label={t`Updates`}
          options={[
            { value: 'auto', label: t`by themselves` },
            { value: 'off', label: t`off` },
          ]}
          value={settings.updates}
          onChange={(kind) => void desktop.shell.change({ updates: kind }).then(onStatus)}
        />
      </div>
    </SettingsLine>
  );
}

const night = { from: '22:00', to: '07:00' };

function Quiet({ quiet, onChange }: { quiet: QuietHours | null; onChange: (quiet: QuietHours | null) => void }) {
  const [zone, setZone] = useState(quiet?.zone ?? deviceZone());
  const known = knownZones().includes(zone);
  return (
    <>
      <SettingsLine
        title={t`Quiet hours`}
        about={t`Nothing but pages is shown then, and those only while you are on call. Your phone has hours of its own.`}
      >
        <Checkbox isSelected={quiet !== null} onChange={(on) => onChange(on ? { ...night, zone } : null)}>
          {t`Keep them`}
        </Checkbox>
      </SettingsLine>
      {quiet === null ? null : (
        <div className="settings-block settings-form">
          <PlainField
            label={t`From`}
            type="time"
            value={quiet.from}
            onChange={(from) => (from === '' ? undefined : onChange({ ...quiet, from }))}
          />
          <PlainField
            label={t`To`}
            type="time"
            value={quiet.to}
            onChange={(to) => (to === '' ? undefined : onChange({ ...quiet, to }))}
          />
          <ZoneField
            label={t`Time zone`}
            value={zone}
            error={known ? null : t`No zone has this name`}
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
