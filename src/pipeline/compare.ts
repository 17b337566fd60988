import { outlineOf, type PageOutline } from '#extract';
import { AditError, type CaptureReader, type Host, type OutlinePlace } from '#model';
import { explain, type Difference, type Explanation, type Outline } from '#similar';
import { screenOf, type Screen, type UnreadScreen } from './screen-picture.ts';

/** One of the two pages that were compared. */
interface ComparedSide {
  readonly url: string;
  /** Of the capture; undefined of a file. */
  readonly captureId: string | undefined;
  /** RFC 3339; undefined of a file. */
  readonly capturedAt: string | undefined;
  readonly title: string | undefined;
  /** The text that places lie in: as delivered, or the DOM at the end. */
  readonly phase: string;
  /** Why its screenshot was not compared; undefined where it was, or where none was taken. */
  readonly unreadScreen: UnreadScreen | undefined;
}

/** A difference with what stands there on both sides, as written: untrusted. */
interface ShownDifference extends Difference {
  readonly copyExcerpt: string | undefined;
  readonly originalExcerpt: string | undefined;
  /** Where the virtual user found the control on the copy's screen, in CSS pixels. */
  readonly screen?: { readonly x: number; readonly y: number };
}

export interface PageComparison extends Omit<Explanation, 'differences'> {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  readonly differences: readonly ShownDifference[];
  /** Differences in all; the weightiest are listed. */
  readonly differenceCount: number;
  /** From which version of the original the copy was made, as far as its stamp tells. */
  readonly version: { readonly copiedAt: string | undefined; readonly says: string };
}

const NO_CAPTURE = '00000000-0000-7000-8000-000000000000';
const MAX_LISTED = 500;
const MAX_EXCERPT = 400;

/** Compares the pages of two captures. Throws `no-page` where one holds none. */
export function comparePages(
  a: CaptureReader,
  b: CaptureReader,
  owned: { readonly a?: readonly Host[]; readonly b?: readonly Host[] } = {},
): PageComparison {
  const outlines = [outlineOf(a), outlineOf(b)] as const;
  for (const [index, outline] of outlines.entries())
    if (outline === undefined)
      throw new AditError(
        'no-page',
        `The ${index === 0 ? 'first' : 'second'} of the two holds no page to compare.`,
        {
          advice: 'Give a capture or file whose answer is HTML.',
        },
      );
  const [left, right] = [outlines[0]!, outlines[1]!];
  const screens = { a: screenOf(a), b: screenOf(b) };
  const explanation = explain(withPicture(left, screens.a), withPicture(right, screens.b), owned);
  const [copy, original] = explanation.copy === 'a' ? [left, right] : [right, left];
  const copyReader = explanation.copy === 'a' ? a : b;
  const { differences, ...rest } = explanation;
  return {
    ...rest,
    a: sideOf(a, left.profile, screens.a),
    b: sideOf(b, right.profile, screens.b),
    differenceCount: differences.length,
    differences: differences.slice(0, MAX_LISTED).map((each) => {
      const screen = placeOnScreen(copyReader, each);
      return {
        ...each,
        copyExcerpt: excerpt(copy.source, each.copy),
        originalExcerpt: excerpt(original.source, each.original),
        ...(screen !== undefined && { screen }),
      };
    }),
    version: versionOf(explanation, explanation.copy === 'a' ? b : a),
  };
}

/** The outline, and what the capture's first screen looks like. */
function withPicture(outline: PageOutline, { picture }: Screen): Outline {
  return { ...outline, profile: { ...outline.profile, picture } };
}

function sideOf(
  { capture }: CaptureReader,
  profile: { readonly url: string; readonly phase: string },
  { unread }: Screen,
): ComparedSide {
  const isFile = capture.id === NO_CAPTURE;
  return {
    url: profile.url,
    captureId: isFile ? undefined : capture.id,
    capturedAt: isFile ? undefined : capture.startedAt,
    title: capture.title,
    phase: profile.phase,
    unreadScreen: unread,
  };
}

function excerpt(source: string, place: OutlinePlace | undefined): string | undefined {
  if (place === undefined) return undefined;
  return source.slice(place.offset, place.offset + Math.min(place.length, MAX_EXCERPT));
}

/** The virtual user pressed it: then it is known where it stood. */
function placeOnScreen(
  { capture }: CaptureReader,
  difference: Difference,
): { x: number; y: number } | undefined {
  if (difference.what !== 'control' && difference.what !== 'download') return undefined;
  const step = capture.steps.find(
    ({ control }) =>
      control !== undefined &&
      ((difference.handler !== undefined && control.onclick === difference.handler) ||
        (difference.text !== '' && control.text.trim() === difference.text)),
  );
  return step?.control === undefined ? undefined : { x: step.control.x, y: step.control.y };
}

function versionOf({ stamps }: Explanation, original: CaptureReader): PageComparison['version'] {
  const stamp = stamps.find(({ copiedAt }) => copiedAt !== undefined) ?? stamps[0];
  const { capture } = original;
  const compared =
    capture.id === NO_CAPTURE
      ? 'compared with the file given'
      : `compared with the version seen at ${capture.startedAt}`;
  if (stamp === undefined) return { copiedAt: undefined, says: `nothing in the copy dates it; ${compared}` };
  const at = stamp.copiedAt === undefined ? '' : ` at ${stamp.copiedAt}`;
  return {
    copiedAt: stamp.copiedAt,
    says: `copied from ${stamp.sourceHost} with ${stamp.tool}${at}; ${compared}`,
  };
}

/**
 * Which of several captures of the original to compare with: the last one before the copy was made where that is known,
 * else the newest one that is not younger than the copy, else the oldest.
 */
export function versionBefore<Version extends { readonly startedAt: string }>(
  versions: readonly Version[],
  copiedAt: string,
): Version | undefined {
  const sorted = [...versions].sort((x, y) => x.startedAt.localeCompare(y.startedAt));
  return sorted.findLast(({ startedAt }) => startedAt <= copiedAt) ?? sorted[0];
}
