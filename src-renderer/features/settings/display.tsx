import { localZoneName } from '../../time-format.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { themes, useTheme } from '../../ui/theme.ts';

export function Display() {
  const { theme, setTheme } = useTheme();
  const { density, timeFormat, prefer } = usePreferences();
  return (
    <>
      <Line title="Theme" about="System follows this machine, its high contrast included.">
        <Segmented
          label="Theme"
          options={themes.map((name) => ({ value: name, label: name }))}
          value={theme}
          onChange={setTheme}
        />
      </Line>
      <Line title="Density" about="Height of a row in long lists: 28 or 36 pixels.">
        <Segmented
          label="Density"
          options={[
            { value: 'compact', label: 'compact' },
            { value: 'comfortable', label: 'comfortable' },
          ]}
          value={density}
          onChange={(next) => prefer({ density: next })}
        />
      </Line>
      <Line
        title="Times"
        about={`In UTC, or local to this machine (${localZoneName()}). The other one stands in the tooltip.`}
      >
        <Segmented
          label="Times"
          options={[
            { value: 'utc', label: 'UTC' },
            { value: 'local', label: localZoneName() },
          ]}
          value={timeFormat}
          onChange={(next) => prefer({ timeFormat: next })}
        />
      </Line>
    </>
  );
}

function Line({ title, about, children }: { title: string; about: string; children: React.ReactNode }) {
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
