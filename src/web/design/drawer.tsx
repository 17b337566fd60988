import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from './controls.tsx';
import styles from './drawer.module.css';

/** What stands behind a row, at the side of the page. It takes the focus; Escape closes it and gives the focus back. */
export function Drawer(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}): ReactNode {
  const { title, onClose } = props;
  const drawer = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    const opener = document.activeElement;
    const element = drawer.current;
    element?.focus({ preventScroll: true });
    const listener = (event: KeyboardEvent): void => {
      const isElsewhere =
        event.target instanceof Element && event.target.closest('[role=dialog], [role=menu]') !== null;
      if (event.key === 'Escape' && !event.defaultPrevented && !isElsewhere) close.current();
    };
    addEventListener('keydown', listener);
    return () => {
      removeEventListener('keydown', listener);
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside ref={drawer} tabIndex={-1} className={styles.drawer} aria-label={title}>
      <div className={styles.head}>
        <h2>{title}</h2>
        <span className={styles.actions}>
          {props.actions}
          <Button kind="quiet" label="Close (Escape)" onPress={onClose}>
            ✕
          </Button>
        </span>
      </div>
      <div className={styles.body}>{props.children}</div>
    </aside>
  );
}
