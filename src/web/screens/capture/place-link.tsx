import type { ReactNode } from 'react';
import { href } from '../../app/screens.ts';

export interface TextPlace {
  readonly text: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly length?: number | undefined;
}

/** The address at which a place of a capture's text is shown and marked. */
const placeAddress = (captureId: string, { text, line, column, length }: TextPlace): string =>
  href('capture', { id: captureId }, { tab: 'source', text, line, column, length });

/** Leads to the line behind a fact. */
export function PlaceLink(props: {
  readonly captureId: string;
  readonly place: TextPlace;
  readonly children?: ReactNode;
}): ReactNode {
  const { line, column } = props.place;
  return (
    <a href={placeAddress(props.captureId, props.place)}>
      {props.children ?? `line ${line ?? 1}${column === undefined ? '' : `:${column}`}`}
    </a>
  );
}
