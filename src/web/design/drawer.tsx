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
import styles from './controls.module.css';

/** A pane over the right of the page, for what stands behind a row. Escape closes it and gives the focus back. */
export function Drawer(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const { onClose } = props;
  const drawer = useRef<HTMLElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    opener.current = document.activeElement;
    drawer.current?.focus({ preventScroll: true });
    return () => {
      if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    };
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, [onClose]);
  return (
    <aside ref={drawer} tabIndex={-1} className={styles.drawer} aria-label={props.title}>
      <div className={styles.drawerHead}>
        <h2>{props.title}</h2>
        <span className={styles.drawerActions}>
          {props.actions}
          <Button kind="quiet" label="Close (Escape)" onPress={onClose}>
            ✕
          </Button>
        </span>
      </div>
      <div className={styles.body}>{props.children}</div>
      <div className={styles.drawerBody}>{props.children}</div>
    </aside>
  );
}
