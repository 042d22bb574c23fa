import type { ReactNode, Ref } from 'react';
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaProps,
} from 'react-aria-components';

export interface TextFieldProps extends Omit<AriaProps, 'className' | 'style' | 'children'> {
  label: string;
  /** The label is read out but not drawn. */
  hideLabel?: boolean;
  placeholder?: string;
  help?: ReactNode;
  error?: string | null;
  /** Rows of a text area; one line without it. */
  rows?: number;
  code?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  areaRef?: Ref<HTMLTextAreaElement>;
}

export function TextField({
  label,
  hideLabel = false,
  placeholder,
  help,
  error = null,
  rows,
  code = false,
  inputRef,
  areaRef,
  ...rest
}: TextFieldProps) {
  const shared = { className: code ? 'input code' : 'input', ...(placeholder === undefined ? {} : { placeholder }) };
  // Whoever has the form decides what it takes: the browser would let no Enter through while an error is shown.
  return (
    <AriaTextField {...rest} className="field" isInvalid={error !== null} validationBehavior="aria">
      <Label className={hideLabel ? 'visually-hidden' : 'label'}>{label}</Label>
      {rows === undefined ? (
        <Input {...shared} {...(inputRef === undefined ? {} : { ref: inputRef })} />
      ) : (
        <TextArea {...shared} rows={rows} {...(areaRef === undefined ? {} : { ref: areaRef })} />
      )}
      {help === undefined ? null : (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <FieldError className="error">{error}</FieldError>
    </AriaTextField>
  );
}
