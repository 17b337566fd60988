import { useRef, useSyncExternalStore, type ReactNode } from 'react';
import { Menu, MenuItem, Popover, Separator } from 'react-aria-components';
import { ACTIONS, isOffered } from './actions.ts';
import { Key } from '../design/controls.tsx';
import controls from '../design/controls.module.css';
import { inertText } from './inert.ts';
import { closeValueMenu, readMenu, subscribeToMenu } from './value-menu-state.ts';

/** The menu of a value: shown where `openValueMenu` was told. Once in the frame. */
export function ValueMenu(): ReactNode {
  const open = useSyncExternalStore(subscribeToMenu, readMenu);
  const anchor = useRef<Element | null>(null);
  if (open !== undefined) anchor.current = open.anchor;
  if (open === undefined) return null;
  const actions = ACTIONS.filter((action) => isOffered(action, open.artifact));
  const label = `Actions for ${inertText(open.artifact.value).slice(0, 120)}`;
  return (
    <Popover
      aria-label={label}
      triggerRef={anchor}
      isOpen
      onOpenChange={(isOpen) => !isOpen && closeValueMenu()}
      placement="bottom start"
      className={controls.popover!}
    >
      <Menu aria-label={label} autoFocus="first" className={controls.menu!} onClose={closeValueMenu}>
        {actions.flatMap((action, index) => {
          const item = (
            <MenuItem
              key={action.id}
              id={action.id}
              textValue={action.title}
              className={controls.menuItem!}
              onAction={() => action.run(open.artifact, open.anchor)}
            >
              {action.title}
              {action.key !== undefined && <Key>{action.key}</Key>}
            </MenuItem>
          );
          return index > 0 && action.group !== actions[index - 1]!.group
            ? [<Separator key={`${action.id}-line`} className={controls.menuLine!} />, item]
            : [item];
        })}
      </Menu>
    </Popover>
  );
}
