import { png } from '../asset.ts';
import { cssReply, htmlReply, pngReply } from '../reply.ts';
import type { Site } from '../site.ts';
import { deliveryPages } from './delivery.ts';
import { dialogPages } from './dialogs-and-windows.ts';
import type { HostilePage } from './hostile-page.ts';
import { navigationPages } from './navigation.ts';
import { processorPages } from './processor-and-memory.ts';
import { unreachablePages, wallPages } from './walls.ts';

export type { HostilePage } from './hostile-page.ts';

const GOOD_HOST = 'good.example';

/** Everything that pages, servers and names do to keep a virtual user from finishing. */
export function hostilePages(): readonly HostilePage[] {
  return [
    ...dialogPages,
    ...processorPages,
    ...deliveryPages,
    ...navigationPages,
    ...wallPages,
    ...unreachablePages,
  ];
}

/** A small harmless page: captured beside a hostile one, it has to come out whole. */
export function goodPage(): { readonly sites: readonly Site[]; readonly url: string } {
  const site: Site = {
    host: GOOD_HOST,
    routes: {
      '/': htmlReply(
        '<!doctype html><title>Good</title><link rel="stylesheet" href="/good.css"><h1>A good page</h1><img src="/good.png" alt="">',
      ),
      '/good.css': cssReply('body { color: green }'),
      '/good.png': pngReply(png(1)),
    },
  };
  return { sites: [site], url: `https://${GOOD_HOST}/` };
}
