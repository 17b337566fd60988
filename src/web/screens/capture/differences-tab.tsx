import { useState, type ReactNode } from 'react';
import { useQueryParam } from '../../app/location.ts';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Select } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { counted, figure } from '../../value/time.tsx';
import type { Overview } from './capture-screen.tsx';
import { textChoices } from './source-tab.tsx';
import { Code } from './text-view.tsx';
import styles from './capture.module.css';

type Block = Reply<'compareTexts'>['blocks'][number];

/** How one text of the capture differs from another: what scripts and the virtual user's steps changed. */
export function DifferencesTab({ overview }: { readonly overview: Overview }): ReactNode {
  const choices = textChoices(overview);
  const [from, setFrom] = useQueryParam('from');
  const [to, setTo] = useQueryParam('to');
  const left = from ?? choices[0]?.id;
  const right = to ?? choices.find(({ id }) => id.endsWith(':final'))?.id ?? choices[1]?.id;
  if (left === undefined || right === undefined || choices.length < 2)
    return (
      <Empty title="There is nothing to compare">
        This capture holds fewer than two texts of its documents.
      </Empty>
    );
  return (
    <>
      <div className={styles.filters}>
        <Select label="From" choices={choices} value={left} onChange={setFrom} />
        <span aria-hidden="true" className={styles.towards}>
          →
        </span>
        <Select label="To" choices={choices} value={right} onChange={setTo} />
      </div>
      <TextDifferences captureId={overview.capture.id} from={left} to={right} />
    </>
  );
}

/** Two texts side by side, the same left out but for what stands around a change. */
function TextDifferences(props: {
  readonly captureId: string;
  readonly from: string;
  readonly to: string;
  /** Capture of the second text, where it is another one. */
  readonly other?: string;
}): ReactNode {
  const { captureId, from, to, other } = props;
  const diff = useApi('compareTexts', {
    params: { id: captureId },
    query: { from, to, ...(other !== undefined && { other }) },
  });
  if (diff.error !== null) return <Fault error={diff.error} onRetry={() => void diff.refetch()} />;
  if (diff.data === undefined) return <Wait label="Comparing" />;
  const { blocks, added, removed, same, isCut } = diff.data;
  if (added + removed === 0)
    return <Empty title="No difference">Both texts have the same {counted(same, 'piece')}.</Empty>;
  return (
    <>
      <p className={styles.lead}>
        <span className={styles.addedWord}>{figure(added)} added</span>,{' '}
        <span className={styles.removedWord}>{figure(removed)} removed</span>, {figure(same)} the same. White
        space, quotes and the case of tags count as the same.
        {isCut && ' There is more than is shown.'}
      </p>
      <table className={styles.diff}>
        <caption className="only-for-readers">Differences, removed left, added right</caption>
        <colgroup>
          <col className={styles.numberColumn} />
          <col />
          <col className={styles.numberColumn} />
          <col />
        </colgroup>
        <tbody>
          {blocks.map((block, index) => (
            <BlockRows key={index} block={block} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function BlockRows({ block }: { readonly block: Block }): ReactNode {
  const [limit, setLimit] = useState(60);
  const { kind, from, to, hidden } = block;
  const count = Math.max(from.length, to.length);
  const half = Math.ceil(count / 2);
  const rows = Array.from({ length: Math.min(count, limit) }, (_, index) => index);
  const isSame = kind === 'same';
  return (
    <>
      {rows.map((index) => (
        <RowPair
          key={index}
          left={from[index]}
          right={to[index]}
          isSame={isSame}
          gap={isSame && hidden > 0 && index === (count > 3 ? half : 0) ? hidden : 0}
          isFirst={index === 0}
        />
      ))}
      {isSame && hidden > 0 && count === 0 && <Gap hidden={hidden} />}
      {count > limit && (
        <tr>
          <td colSpan={4} className={styles.gap}>
            <button type="button" className={styles.moreRows} onClick={() => setLimit(limit + 500)}>
              {figure(count - limit)} more
            </button>
          </td>
        </tr>
      )}
    </>
  );
}

const Gap = ({ hidden }: { readonly hidden: number }): ReactNode => (
  <tr>
    <td colSpan={4} className={styles.gap}>
      {counted(hidden, 'piece')} the same
    </td>
  </tr>
);

type Line = Block['from'][number];

function RowPair(props: {
  readonly left: Line | undefined;
  readonly right: Line | undefined;
  readonly isSame: boolean;
  readonly gap: number;
  readonly isFirst: boolean;
}): ReactNode {
  const { left, right, isSame } = props;
  return (
    <>
      {props.gap > 0 && <Gap hidden={props.gap} />}
      <tr {...(isSame && { 'data-same': '' })}>
        <td className={styles.diffNumber}>{left?.line}</td>
        <td
          className={isSame || left === undefined ? styles.diffText : `${styles.diffText} ${styles.removed}`}
        >
          {left !== undefined && !isSame && <span className="only-for-readers">removed: </span>}
          <bdo dir="ltr">{left !== undefined && <Code text={left.text} />}</bdo>
        </td>
        <td className={styles.diffNumber}>{right?.line}</td>
        <td
          className={isSame || right === undefined ? styles.diffText : `${styles.diffText} ${styles.added}`}
        >
          {right !== undefined && !isSame && <span className="only-for-readers">added: </span>}
          <bdo dir="ltr">{right !== undefined && <Code text={right.text} />}</bdo>
        </td>
      </tr>
    </>
  );
}
