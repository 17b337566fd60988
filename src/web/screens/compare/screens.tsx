import { useState, type ReactNode } from 'react';
import { href } from '../../app/screens.ts';
import { addressOf } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Wait } from '../../design/states.tsx';
import { Inert } from '../../value/value.tsx';
import type { Comparison } from './compare-screen.tsx';
import styles from './compare.module.css';

/** Both pages as they looked, with each difference marked where it stands on the copy. */
export function Screens(props: {
  readonly comparison: Comparison;
  readonly chosen: number | undefined;
  readonly onChoose: (index: number) => void;
}): ReactNode {
  const { comparison } = props;
  const marks = comparison.differences.flatMap(({ screen, says }, index) =>
    screen === undefined ? [] : [{ ...screen, says, index }],
  );
  return (
    <div className={styles.sides}>
      {(['a', 'b'] as const).map((name) => {
        const side = comparison[name];
        const isCopy = comparison.copy === name;
        return (
          <figure key={name} className={styles.side}>
            <figcaption>
              <strong>{isCopy ? 'Copy' : 'Original'}</strong>{' '}
              {side.captureId === undefined ? (
                <Inert text={side.url} clamp={80} />
              ) : (
                <a href={href('capture', { id: side.captureId })}>
                  <Inert text={side.url} clamp={80} />
                </a>
              )}
            </figcaption>
            {side.unreadScreen !== undefined && (
              <p className={styles.absent}>Its screenshot was not compared: {side.unreadScreen}.</p>
            )}
            {side.captureId === undefined ? (
              <p className={styles.absent}>There is no picture of it.</p>
            ) : (
              <Picture captureId={side.captureId} marks={isCopy ? marks : []} {...props} />
            )}
          </figure>
        );
      })}
    </div>
  );
}

function Picture(props: {
  readonly captureId: string;
  readonly marks: readonly { x: number; y: number; says: string; index: number }[];
  readonly chosen: number | undefined;
  readonly onChoose: (index: number) => void;
}): ReactNode {
  const overview = useApi('getCaptureOverview', { params: { id: props.captureId } });
  const [isLarge, setLarge] = useState(false);
  if (overview.data === undefined) return <Wait />;
  const shot =
    overview.data.screenshots.find(({ kind }) => kind === 'viewport') ?? overview.data.screenshots[0];
  if (shot === undefined) return <p className={styles.absent}>Nothing was shown that could be taken.</p>;
  // Marks lie in CSS pixels of the viewport; the picture may be denser.
  const { width, height } =
    shot.kind === 'viewport' ? overview.data.persona.viewport : { width: shot.width, height: shot.height };
  return (
    <div className={styles.picture} {...(isLarge && { 'data-large': '' })}>
      <button
        type="button"
        className={styles.zoom}
        aria-pressed={isLarge}
        aria-label={isLarge ? 'Smaller' : 'Larger'}
        onClick={() => setLarge(!isLarge)}
      >
        <img
          src={addressOf('getScreenshot', { params: { id: props.captureId, index: shot.index } })}
          alt="The page as it looked"
          width={shot.width}
          height={shot.height}
        />
      </button>
      {sideBySide(
        props.marks.filter(({ x, y }) => x >= 0 && y >= 0 && x <= width && y <= height),
        width / 16,
      ).map(({ x, y, index, says, nth }) => (
        <button
          key={index}
          type="button"
          className={styles.spot}
          style={{ left: `calc(${(100 * x) / width}% + ${nth * SPOT_PX}px)`, top: `${(100 * y) / height}%` }}
          aria-label={`Difference ${index + 1}: ${says.slice(0, 120)}`}
          aria-pressed={index === props.chosen}
          onClick={() => props.onChoose(index)}
        >
          {index + 1}
        </button>
      ))}
    </div>
  );
}

const SPOT_PX = 26;

/** Marks that would cover each other stand in a row: each with its place in it. */
function sideBySide<Mark extends { readonly x: number; readonly y: number }>(
  marks: readonly Mark[],
  near: number,
): (Mark & { readonly nth: number })[] {
  return marks.map((mark, at) => {
    const isNear = (other: Mark): boolean =>
      Math.abs(other.x - mark.x) < near && Math.abs(other.y - mark.y) < near;
    return { ...mark, nth: marks.slice(0, at).filter(isNear).length };
  });
}
