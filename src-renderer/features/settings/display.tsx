import { t, term } from '../../language/words.ts';
import { localZoneName } from '../../time-format.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { themes, useTheme } from '../../ui/theme.ts';
import { LanguageChoice } from './language-choice.tsx';
import { SettingsLine } from './settings-line.tsx';

export function Display() {
  const { theme, setTheme } = useTheme();
  const { density, timeFormat, prefer } = usePreferences();
  const zone = localZoneName();
  return (
    <>
      <SettingsLine
        title={t`Language`}
        about={t`Of this machine. What the server writes, such as why somebody was paged, is in English.`}
      >
        <LanguageChoice />
      </SettingsLine>
      <SettingsLine title={t`Theme`} about={t`System follows this machine, its high contrast included.`}>
        <Segmented
          label={t`Theme`}
          options={themes.map((name) => ({ value: name, label: term(name) }))}
          value={theme}
          onChange={setTheme}
        />
      </SettingsLine>
      <SettingsLine title={t`Density`} about={t`Height of a row in long lists: 28 or 36 pixels.`}>
        <Segmented
          label={t`Density`}
          options={[
            { value: 'compact', label: t`compact` },
            { value: 'comfortable', label: t`comfortable` },
          ]}
          value={density}
          onChange={(next) => prefer({ density: next })}
        />
      </SettingsLine>
      <SettingsLine
        title={t`Times`}
        about={t`In UTC, or local to this machine (${zone}). The other one is in the tooltip.`}
      >
        <Segmented
          label={t`Times`}
          options={[
            { value: 'utc', label: 'UTC' },
            { value: 'local', label: zone === 'UTC' ? t`local` : zone },
          ]}
          value={timeFormat}
          onChange={(next) => prefer({ timeFormat: next })}
        />
      </SettingsLine>
    </>
  );
}
