import { escapeHtml } from '../content.ts';
import type { Innocent } from './host-table.ts';

/** How a site's pages are laid out. */
export type Look = 'news' | 'shop' | 'forum' | 'wiki' | 'blog' | 'docs' | 'trade' | 'plain';

/** An item with the addresses of its page and picture. */
export interface Item {
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly image: string;
}

/** The middle of the front page. */
export function frontMain({ look, name, tagline }: Innocent, items: readonly Item[]): string {
  const intro = `<h1>${escapeHtml(name)}</h1>\n<p class="tagline">${escapeHtml(tagline)}</p>`;
  switch (look) {
    case 'news':
      return section(
        'front',
        items.map((item, n) => card(item, n === 0 ? 'h1' : 'h2')),
      );
    case 'shop':
      return `${intro}\n${section(
        'goods',
        items.map(
          (item) =>
            `${card(item, 'h3')}<form action="/cart"><button name="add" value="${escapeHtml(item.title)}">Add to cart</button></form>`,
        ),
      )}`;
    case 'forum':
      return `${intro}\n<table class="threads">\n<tr><th>Thread</th><th>Replies</th></tr>\n${items.map((item) => `<tr><td>${link(item)}</td><td>${escapeHtml(item.text)}</td></tr>`).join('\n')}\n</table>`;
    case 'trade':
      return `${intro}\n<table class="prices">\n${items.map((item) => `<tr><td>${link(item)}</td><td>${escapeHtml(item.text)}</td></tr>`).join('\n')}\n</table>\n<img class="chart" src="${items[0]!.image}" alt="">`;
    case 'wiki':
    case 'docs':
      return `${intro}\n<ul class="contents">${items.map((item) => `<li>${link(item)}: ${escapeHtml(item.text)}</li>`).join('\n')}</ul>`;
    case 'blog':
    case 'plain':
      return `${intro}\n${items.map((item) => `<article class="post hentry">${card(item, 'h2')}</article>`).join('\n')}`;
  }
}

/** The middle of an item's page. */
export function itemMain({ title, text, image }: Item): string {
  return `<article>\n<h1>${escapeHtml(title)}</h1>\n<img src="${image}" alt="">\n<p>${escapeHtml(text)}</p>\n<p><a href="/">Back</a></p>\n</article>`;
}

function section(name: string, parts: readonly string[]): string {
  return `<section class="${name}">\n${parts.map((part) => `<div>${part}</div>`).join('\n')}\n</section>`;
}

function card(item: Item, heading: string): string {
  return `<a href="${escapeHtml(item.url)}"><img src="${item.image}" alt=""></a><${heading}>${link(item)}</${heading}><p>${escapeHtml(item.text)}</p>`;
}

function link({ url, title }: Item): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(title)}</a>`;
}

/** The style sheet: one for each hue and look. */
export function styleOf({ hue, look }: Innocent): string {
  const width = look === 'docs' || look === 'wiki' ? 760 : 980;
  const font =
    look === 'news' || look === 'blog' ? 'Georgia, serif' : '"Segoe UI", Helvetica, Arial, sans-serif';
  return `body { margin: 0; color: #222; background: hsl(${hue}, 20%, 97%); font: 16px/1.55 ${font}; }
header { background: hsl(${hue}, 45%, 28%); color: #fff; }
header > div, main, footer { width: ${width}px; max-width: 92%; margin: 0 auto; }
header > div { display: flex; align-items: center; padding: 14px 0; }
header a { color: #fff; text-decoration: none; margin-right: 24px; }
header img { border-radius: 8px; vertical-align: middle; margin-right: 10px; }
main { padding: 30px 0; }
main a { color: hsl(${hue}, 60%, 34%); }
main img { max-width: 100%; height: auto; border-radius: ${look === 'shop' ? 12 : 3}px; }
.tagline { color: #666; }
.front, .goods { display: grid; grid-template-columns: repeat(${look === 'news' ? 2 : 3}, 1fr); grid-gap: 28px; }
.front > div:first-child { grid-column: 1 / -1; }
table { width: 100%; border-collapse: collapse; background: #fff; }
th, td { text-align: left; padding: 11px 16px; border-bottom: 1px solid hsl(${hue}, 20%, 88%); }
.post img { float: right; width: 240px; margin: 0 0 12px 24px; }
.post { overflow: hidden; padding: 18px 0; border-bottom: 1px solid hsl(${hue}, 20%, 88%); }
button { font: inherit; background: hsl(${hue}, 60%, 40%); color: #fff; border: 0; padding: 8px 18px; border-radius: 4px; }
footer { color: #777; font-size: 14px; padding: 20px 0 40px; }
`;
}
