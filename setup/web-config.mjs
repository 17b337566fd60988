// How the web app is built: the one set of options for the build and for `npm run web:dev`.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const WEB_OUT = join(root, '.build', 'web');

/** @returns {import('vite').InlineConfig} */
export function webConfig() {
  const platform = (name) => join(root, 'src', 'web', 'platform', name);
  return {
    configFile: false,
    root: join(root, 'src', 'web'),
    cacheDir: join(root, '.build', 'vite'),
    logLevel: 'warn',
    plugins: [react()],
    resolve: {
      // The few things that #model takes from Node, as browsers have them.
      alias: {
        'node:net': platform('node-net.ts'),
        'node:url': platform('node-url.ts'),
        zod: platform('zod.ts'),
        'node:crypto': platform('node-crypto.ts'),
        '#model': join(root, 'src', 'model', 'index.ts'),
        '#api': join(root, 'src', 'api', 'index.ts'),
      },
    },
    build: {
      outDir: WEB_OUT,
      emptyOutDir: true,
      target: 'es2023',
      // Inlined files would be data: addresses, which the page's policy refuses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_000,
    },
    worker: { format: 'es' },
  };
}
