import { writeChoice } from '../../language/choice.ts';
import { currentLanguage, offeredLanguages } from '../../language/start.ts';
import { t } from '../../language/words.ts';
import { Select } from '../../ui/select.tsx';

/** Of this machine: it is needed before anybody is signed in. */
export function LanguageChoice() {
  return (
    <Select
      label={t`Language`}
      hideLabel
      options={offeredLanguages().map(({ id, name }) => ({ value: id, label: name }))}
      value={currentLanguage().id}
      onChange={(id) => {
        writeChoice(id);
        window.location.reload();
      }}
    />
  );
}
