import { useState, type ReactNode } from 'react';
import { Button, Dialog } from '../../design/controls.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import styles from './account.module.css';

/** A secret that is shown now and never again. */
export function ShownOnce(props: {
  readonly title: string;
  readonly text: string;
  readonly secret: string;
  readonly onClose: () => void;
}): ReactNode {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(props.secret).then(() => {
      setCopied(true);
      say('Copied.');
    }, sayFault);
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <div className={styles.form}>
        <p>{props.text}</p>
        <code className={styles.secret}>{props.secret}</code>
        <div className={styles.row}>
          <Button kind="primary" onPress={copy}>
            {isCopied ? 'Copied' : 'Copy'}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
