import { href } from './screens.ts';

/** An entry of the navigation, in its order. `key`: goes there after `g`. */
export interface NavigationEntry {
  readonly title: string;
  readonly address: string;
  readonly key: string;
  /** Paths on which it is the current one. */
  readonly covers: RegExp;
  /** Also for accounts that see only projects. */
  readonly isForGuests?: boolean;
}

export const NAVIGATION: readonly NavigationEntry[] = [
  { title: 'Search', address: href('search'), key: 's', covers: /^\/(?:artifact)?$/ },
  { title: 'Projects', address: href('projects'), key: 'p', covers: /^\/projects/, isForGuests: true },
  { title: 'Brands', address: href('brands'), key: 'b', covers: /^\/(?:brands?|compare)/ },
  { title: 'Crawls', address: href('crawls'), key: 'c', covers: /^\/(?:crawls|captures)/ },
  { title: 'Imports', address: href('imports'), key: 'i', covers: /^\/imports/ },
  { title: 'Alerts', address: href('alerts'), key: 'a', covers: /^\/alerts/ },
  { title: 'Settings', address: href('settings'), key: ',', covers: /^\/settings/, isForGuests: true },
  { title: 'Guide', address: href('guide'), key: 'h', covers: /^\/guide/, isForGuests: true },
];
