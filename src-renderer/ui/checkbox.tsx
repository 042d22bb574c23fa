import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox, type CheckboxProps } from 'react-aria-components';
import { Icon } from './icon.tsx';

interface Props extends Omit<CheckboxProps, 'className' | 'style' | 'children'> {
  children?: ReactNode;
}

export function Checkbox({ children, ...rest }: Props) {
  return (
    <AriaCheckbox {...rest} className="check">
      <span className="box">
        <Icon name={rest.isIndeterminate === true ? 'minus' : 'check'} />
      </span>
      {children}
    </AriaCheckbox>
  );
}
