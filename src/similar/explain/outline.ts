import type { OutlineItem, OutlineTarget } from '#model';
import type { PageProfile } from '../page.ts';

/** A page laid out for comparison. */
export interface Outline {
  readonly profile: PageProfile;
  readonly items: readonly OutlineItem[];
  readonly targets: readonly OutlineTarget[];
  readonly wallets: readonly string[];
  /** Things beyond a limit were left out. */
  readonly isCut: boolean;
}
