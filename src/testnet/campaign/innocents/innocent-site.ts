import { sha256 } from '#model';
import type { Site } from '../../site.ts';
import { landscape, monogram, network } from '../art/svg.ts';
import { content, escapeHtml } from '../content.ts';
import { SHARED_HOSTING_ADDRESS } from '../fakes/operator.ts';
import { hostNamed } from '../names.ts';
import { serve } from '../server.ts';
import { libraries, trackers } from '../third-parties.ts';
import type { Innocent } from './host-table.ts';
import { frontMain, itemMain, styleOf, type Item } from './page.ts';
import { software, type Software } from './software.ts';

/** An innocent host as a site: a front page, a page for each item, style, script and pictures where its software keeps them. */
export function innocentSite(innocent: Innocent): Site {
  const host = hostNamed(innocent.host);
  const runsOn: Software = software[innocent.software];
  const items = innocent.items.map(([title, text], n): Item => {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, '');
    return {
      title,
      text,
      url: runsOn.itemPath(encodeURIComponent(slug), n),
      image: runsOn.imagePath(`picture-${n + 1}.svg`),
    };
  });
  const seed = seedOf(host);
  const picture = innocent.look === 'trade' || innocent.look === 'docs' ? network : landscape;
  const page = (title: string, main: string) => content.html(layout({ innocent, runsOn, title, main }));
  const logo = content.svg(
    monogram(escapeHtml(innocent.name.replace(/^The /, '').slice(0, 1)), innocent.hue),
  );
  return serve(
    host,
    runsOn.server,
    {
      '/': page(`${innocent.name}: ${innocent.tagline}`, frontMain(innocent, items)),
      ...Object.fromEntries(
        items.map((item) => [item.url, page(`${item.title} | ${innocent.name}`, itemMain(item))]),
      ),
      ...Object.fromEntries(
        items.map(({ image }, n) => [image, content.svg(picture(seed + n, innocent.hue))]),
      ),
      '/about/': page(`About | ${innocent.name}`, `<h1>About</h1>\n<p>${escapeHtml(innocent.tagline)}.</p>`),
      '/favicon.ico': logo,
      [runsOn.imagePath('logo.svg')]: logo,
      [runsOn.stylePath]: content.css(styleOf(innocent)),
      [runsOn.scriptPath]: content.script("document.documentElement.className += ' js';\n"),
      ...(innocent.look === 'shop' && {
        '/cart': page(`Cart | ${innocent.name}`, '<h1>Cart</h1>\n<p>One thing in it.</p>'),
      }),
      ...(runsOn.head.some((line) => line.includes('/wp-json/')) && {
        '/wp-json/': content.json({ name: innocent.name }),
      }),
      ...Object.fromEntries(
        (innocent.morePages ?? []).map(([path, title]) => [path, page(title, `<h1>${title}</h1>`)]),
      ),
    },
    {
      redirectsToHttps: seed % 3 === 0,
      pageFields: runsOn.pageFields,
      ...(innocent.isOnSharedHosting && { addresses: [SHARED_HOSTING_ADDRESS] }),
    },
  );
}

interface Layout {
  readonly innocent: Innocent;
  readonly runsOn: Software;
  readonly title: string;
  readonly main: string;
}

function layout({ innocent, runsOn, title, main }: Layout): string {
  const usesCdn = runsOn.head.some((line) => line.includes('/npm/'));
  const links = (innocent.links ?? []).map((host) => `<a href="https://${host}/">${host}</a>`);
  return `<!DOCTYPE html>
<html lang="${innocent.language ?? 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(innocent.tagline)}">
${[...runsOn.head, ...(usesCdn ? [] : [libraries.normalize])].join('\n')}
<link rel="icon" href="${runsOn.imagePath('logo.svg')}">
<link rel="stylesheet" href="${escapeHtml(runsOn.stylePath)}">
${counters(innocent).join('\n')}
</head>
<body class="${runsOn.bodyClass}">
<header><div><a href="/"><img src="${runsOn.imagePath('logo.svg')}" alt="" width="36" height="36">${escapeHtml(innocent.name)}</a> <a href="/about/">About</a></div></header>
<main id="content">
${main}
</main>
<footer>${[`2017 ${escapeHtml(innocent.name)}`, ...links].join(' · ')}</footer>
<script src="${escapeHtml(runsOn.scriptPath)}"></script>
</body>
</html>
`;
}

/** Each host has ids of its own, made from its name. */
function counters({ host, countedBy = [] }: Innocent): string[] {
  const seed = seedOf(host);
  const letters = sha256(host).slice(8, 14).toUpperCase();
  return [
    trackers.analytics(`UA-${20_000_000 + (seed % 70_000_000)}-1`),
    ...countedBy.map((kind) => {
      switch (kind) {
        case 'tagManager':
          return trackers.tagManager(`GTM-${letters}`);
        case 'facebookPixel':
          return trackers.facebookPixel(`1${String(seed).padStart(14, '0')}`);
        case 'hotjar':
          return trackers.hotjar(400_000 + (seed % 300_000));
        case 'metrica':
          return trackers.metrica(30_000_000 + (seed % 9_000_000));
      }
    }),
  ];
}

function seedOf(host: string): number {
  return parseInt(sha256(host).slice(0, 8), 16);
}
