import type { ReactNode } from 'react';
import { ApiError } from '../client/call.ts';
import { Button } from './controls.tsx';
import styles from './controls.module.css';

/** Nothing to show yet: what would be here, and what to do so that it is. */
export function Empty(props: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Nothing else stands on the screen: its title is that of the page. */
  readonly isWhole?: boolean;
}): ReactNode {
  const Title = props.isWhole === true ? 'h1' : 'h2';
  return (
    <div className={styles.notice}>
      <Title>{props.title}</Title>
      {props.children !== undefined && <p>{props.children}</p>}
      {props.actions !== undefined && <div className={styles.noticeActions}>{props.actions}</div>}
    </div>
  );
}

/** What went wrong, and what to do about it. */
export function Fault({
  error,
  onRetry,
  isWhole = false,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** Nothing else stands on the screen: what happened is the title of the page. */
  readonly isWhole?: boolean;
}): ReactNode {
  const Title = isWhole ? 'h1' : 'p';
  const problem = error instanceof ApiError ? error.problem : undefined;
  return (
    <div className={styles.fault} role="alert">
      <Title className={styles.faultHead!}>
        {problem?.detail ?? problem?.title ?? 'Something in this page went wrong.'}
      </Title>
      {problem?.errors
        ?.filter(({ message }) => message !== problem.detail)
        .map(({ path, message }) => (
          <p key={path}>
            {path}: {message}
          </p>
        ))}
      <p className="soft">{problem?.advice ?? (problem === undefined ? 'Load the page again.' : '')}</p>
      {onRetry !== undefined && (
        <div className={styles.faultFoot}>
          <Button onPress={onRetry}>Try again</Button>
        </div>
      )}
    </div>
  );
}

/** Work under way, told to screen readers too. */
export function Wait({ label = 'Loading' }: { readonly label?: string }): ReactNode {
  return (
    <div role="status">
      <span className="only-for-readers">{label}</span>
      <div className={styles.wait} />
    </div>
  );
}
