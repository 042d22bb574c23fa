import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { CommandKey } from './command-key.tsx';
import { Icon, type IconName } from './icon.tsx';

export interface MenuAction {
  id: string;
  label: string;
  run: () => void;
  icon?: IconName;
  mark?: ReactNode;
  /** The command that does the same: its key is shown. */
  command?: string;
  /** Listed all the same, with the reason. */
  unavailable?: string | null;
}

interface MenuProps {
  /** A Button. */
  trigger: ReactNode;
  label: string;
  actions: readonly MenuAction[];
  /** Given together where a key opens it too. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ trigger, label, actions, open, onOpenChange }: MenuProps) {
  return (
    <MenuTrigger
      {...(open === undefined ? {} : { isOpen: open })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
    >
      {trigger}
      <Popover className="popover" offset={4}>
        <AriaMenu aria-label={label} onAction={(key) => actions.find((action) => action.id === key)?.run()}>
          {actions.map((action) => (
            <MenuItem
              key={action.id}
              id={action.id}
              textValue={action.label}
              className="menu-item"
              isDisabled={(action.unavailable ?? null) !== null}
            >
              {action.icon === undefined ? null : <Icon name={action.icon} small />}
              {action.mark}
              <span>
                {action.label}
                {(action.unavailable ?? null) === null ? null : <span className="menu-why"> {action.unavailable}</span>}
              </span>
              {action.command === undefined ? null : <CommandKey id={action.command} />}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
