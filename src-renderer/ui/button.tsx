import { type ReactNode, useId } from 'react';
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import { t } from '../language/words.ts';
import { CommandKey } from './command-key.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  children?: ReactNode;
  look?: 'plain' | 'primary' | 'ghost';
  compact?: boolean;
  icon?: IconName;
  /** The command that does the same: its key is shown. */
  command?: string;
  /** A key that is no command's. */
  kbd?: string;
  /** Why it cannot be done now. The button stays in its place, dashed, and says so. */
  unavailable?: string | null;
}

/** One filled (`primary`) button per region; it is what the key does. */
export function Button({
  children,
  look = 'plain',
  compact = false,
  icon,
  command,
  kbd,
  unavailable = null,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const square = children === undefined || children === null;
  const classes = ['button', unavailable === null ? look : 'off'];
  if (compact) classes.push('compact');
  if (square) classes.push('square');
  const inside = (
    <>
      {icon === undefined ? null : <Icon name={icon} small />}
      {children}
      {command === undefined ? null : <CommandKey id={command} />}
      {kbd === undefined ? null : <Kbd>{kbd}</Kbd>}
    </>
  );
  if (unavailable === null) {
    return (
      <AriaButton {...rest} className={classes.join(' ')}>
        {inside}
      </AriaButton>
    );
  }
  // Still focusable: a person on the keyboard has to be able to read the reason.
  const { onPress: _refused, type: _type, ...passive } = rest;
  return (
    <>
      <TooltipTrigger delay={200} closeDelay={0}>
        <AriaButton {...passive} className={classes.join(' ')} aria-describedby={reasonId}>
          {inside}
        </AriaButton>
        <Tooltip className="tooltip" offset={6}>
          {unavailable}
        </Tooltip>
      </TooltipTrigger>
      {/* Read as the button's description; beside it, so that it is no part of the button's name. */}
      <span id={reasonId} hidden>
        {t`Not possible now: ${unavailable}`}
      </span>
    </>
  );
}
