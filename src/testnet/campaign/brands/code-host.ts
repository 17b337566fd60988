import { monogram } from '../art/svg.ts';
import { content } from '../content.ts';
import { inertFile } from '../inert-file.ts';
import { hostNamed } from '../names.ts';
import { http2Server, serve } from '../server.ts';
import { libraries, trackers } from '../third-parties.ts';

/** Where the genuine Bitcoin Gold wallets are published. It hosts everybody's code and points at nobody's home page. */
export const CODE_HOST = hostNamed('codeharbor.example');

export const WALLET_FILES = {
  windows: 'btg-wallet-0.15.0.1-win64-setup.exe',
  mac: 'btg-wallet-0.15.0.1-osx.dmg',
  linux: 'btg-wallet-0.15.0.1-x86_64-linux-gnu.tar.gz',
} as const;

const projects = [
  ['btg-wallet', 'Desktop wallet. C++, Qt.', 'Release 0.15.0.1, three builds, signed by two maintainers.'],
  ['tinymark', 'A Markdown renderer in 900 lines.', 'Release 2.3.1: tables, footnotes, fewer surprises.'],
  ['gpu-bench', 'Which card hashes how fast.', 'Results of 412 cards, one file each.'],
] as const;

export const codeHostSite = serve(
  CODE_HOST,
  http2Server(
    { Server: 'CodeHarbor' },
    { 'X-Frame-Options': 'deny', 'X-Content-Type-Options': 'nosniff', 'X-Request-Id': '9c41e7d0f3b84d52' },
  ),
  {
    '/': content.html(
      page(
        'CodeHarbor: a berth for your code',
        projects.map(([name, about]) => `<li><a href="/${name}/">${name}</a> ${about}</li>`).join('\n'),
      ),
    ),
    ...Object.fromEntries(
      projects.map(([name, about, news]) => [
        `/${name}/`,
        content.html(page(`${name} at CodeHarbor`, `<li>${about}</li>\n<li>${news}</li>`)),
      ]),
    ),
    '/assets/harbor.css': content.css(
      'body { margin: 0; font: 15px/1.6 "Segoe UI", Helvetica, sans-serif; color: #24292e; }\nheader { display: flex; align-items: center; background: #1f3b4d; color: #fff; padding: 12px 40px; }\nheader img { margin-right: 14px; }\nmain { width: 900px; max-width: 92%; margin: 40px auto; }\nli { padding: 10px 0; border-bottom: 1px solid #e1e4e8; }\na { color: #0b6bb3; }\n',
    ),
    '/assets/harbor.svg': content.svg(monogram('H', 200)),
    '/favicon.ico': content.svg(monogram('H', 200)),
    [`/btg-wallet/releases/${WALLET_FILES.windows}`]: installer('exe', WALLET_FILES.windows, 310_000),
    [`/btg-wallet/releases/${WALLET_FILES.mac}`]: installer('dmg', WALLET_FILES.mac, 280_000),
    [`/btg-wallet/releases/${WALLET_FILES.linux}`]: installer('gzip', WALLET_FILES.linux, 240_000),
  },
  {
    redirectsToHttps: true,
    pageFields: {
      'Set-Cookie': [
        '_harbor_sess=BAh7CEkiD3Nlc3Npb25faWQ; path=/; secure; HttpOnly',
        'logged_in=no; path=/; secure; HttpOnly',
      ],
    },
  },
);

/** A genuine installer as a download; inert all the same. */
export function installer(kind: Parameters<typeof inertFile>[0], name: string, sizeBytes: number) {
  return content.attachment(inertFile(kind, name, sizeBytes), name);
}

function page(title: string, items: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<link rel="icon" href="/assets/harbor.svg">
${libraries.normalize}
<link rel="stylesheet" href="/assets/harbor.css">
${trackers.analytics('UA-30114672-3')}
</head>
<body>
<header><img src="/assets/harbor.svg" alt="" width="36" height="36"> <a href="/" style="color:#fff">CodeHarbor</a></header>
<main><h1>${title}</h1>
<ul>
${items}
</ul></main>
</body>
</html>
`;
}
