import { useRef } from 'react';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';

interface ChooseFileProps {
  label: string;
  accept: string;
  maxBytes: number;
  onText: (text: string, name: string) => void;
  onRefused: (reason: string) => void;
}

/** The browser's own file picker behind a button of ours. */
export function ChooseFile({ label, accept, maxBytes, onText, onRefused }: ChooseFileProps) {
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File): Promise<void> => {
    if (file.size > maxBytes)
      return onRefused(
        t`${file.name} has ${(file.size / 1_048_576).toFixed(1)} MiB; ${maxBytes / 1_048_576} are the most.`,
      );
    onText(await file.text(), file.name);
  };
  return (
    <>
      <Button compact onPress={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file !== undefined) read(file).catch(() => onRefused(t`${file.name} could not be read.`));
        }}
      />
    </>
  );
}
