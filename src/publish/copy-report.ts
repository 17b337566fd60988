import type { CaptureReader } from '#model';

/** A screenshot with pins, each at a place in CSS pixels. */
interface ReportPicture {
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly base64: string;
  readonly width: number;
  readonly height: number;
  readonly pins: readonly { readonly x: number; readonly y: number; readonly number: number }[];
}

interface ReportSide {
  readonly url: string;
  readonly capturedAt: string | undefined;
  /** Why its screenshot was not compared. */
  readonly unreadScreen?: string | undefined;
  readonly picture?: ReportPicture | undefined;
}

/** What a comparison found, as the report shows it. */
interface CopyReport {
  readonly copy: ReportSide;
  readonly original: ReportSide;
  readonly level: string;
  readonly score: number;
  readonly isCopy: boolean;
  readonly evidence: readonly { readonly says: string; readonly score: number }[];
  readonly counterEvidence: readonly string[];
  readonly direction: string;
  readonly version: string;
  readonly shares: Readonly<Record<'text' | 'markup' | 'resources', number>>;
  readonly hotlinks: readonly {
    readonly url: string;
    readonly element: string;
    readonly place: ReportPlace;
  }[];
  readonly differences: readonly {
    readonly kind: string;
    readonly what: string;
    readonly says: string;
    readonly copy: ReportPlace | undefined;
    readonly original: ReportPlace | undefined;
    readonly copyExcerpt: string | undefined;
    readonly originalExcerpt: string | undefined;
    readonly leadsTo?:
      | readonly {
          readonly url: string;
          readonly steps: readonly { readonly what: string; readonly name: string; readonly code: string }[];
        }[]
      | undefined;
  }[];
  readonly differenceCount: number;
}

interface ReportPlace {
  readonly line: number;
  readonly column: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Turns writing around, or hides: shown by number, so that no address reads otherwise than it is. */
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const escape = (text: string): string =>
  text
    .replace(UNSEEN, (letter) => `⟨U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
    .replace(/[&<>"']/g, (letter) => ESCAPES[letter]!);
const percent = (share: number): string => `${Math.round(share * 100)} %`;
/** So that no address in the report can be followed by mistake. */
const defang = (url: string): string =>
  escape(
    url.replace(/^http/i, 'hxxp').replace(/^([a-z]+:\/\/[^/?#]*)/i, (head) => head.replaceAll('.', '[.]')),
  );

/** A comparison of two pages, `a` and `b`, as `compare` makes it. */
export interface ComparedPages extends Pick<
  CopyReport,
  'direction' | 'shares' | 'hotlinks' | 'differenceCount'
> {
  readonly a: Omit<ReportSide, 'picture'>;
  readonly b: Omit<ReportSide, 'picture'>;
  readonly copy: 'a' | 'b';
  readonly verdict: Pick<CopyReport, 'level' | 'score' | 'isCopy' | 'evidence' | 'counterEvidence'>;
  readonly version: { readonly says: string };
  readonly differences: readonly (CopyReport['differences'][number] & {
    readonly screen?: { readonly x: number; readonly y: number };
  })[];
}

/** The report on a comparison, with what stood on the screens of both captures. */
export function copyReport(comparison: ComparedPages, a: CaptureReader, b: CaptureReader): string {
  const isA = comparison.copy === 'a';
  const [copy, original] = isA ? [comparison.a, comparison.b] : [comparison.b, comparison.a];
  const [copyReader, originalReader] = isA ? [a, b] : [b, a];
  const pins = comparison.differences.flatMap(({ screen }, index) =>
    screen === undefined ? [] : [{ ...screen, number: index + 1 }],
  );
  return writeReport({
    ...comparison,
    ...comparison.verdict,
    copy: { ...copy, picture: pictureOf(copyReader, pins) },
    original: { ...original, picture: pictureOf(originalReader, []) },
    version: comparison.version.says,
  });
}

/** What stood on the screen before anything was pressed. */
function pictureOf(reader: CaptureReader, pins: ReportPicture['pins']): ReportPicture | undefined {
  const shot = reader.capture.screenshots.find(({ kind }) => kind === 'viewport');
  const bytes = shot === undefined ? undefined : reader.attachment(shot.path);
  if (shot === undefined || bytes === undefined) return undefined;
  const mediaType = bytes[0] === 0x89 ? 'image/png' : bytes[0] === 0x52 ? 'image/webp' : 'image/jpeg';
  const { width, height } = shot;
  return { mediaType, base64: Buffer.from(bytes).toString('base64'), width, height, pins };
}

/**
 * A comparison as one HTML file that needs nothing else and runs nothing: no script, no link, no file of others; everything
 * that came from a page is text. A content security policy in it says so to the browser, too.
 */
function writeReport(report: CopyReport): string {
  const rows = report.differences.map(differenceRow).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Copy report: ${defang(report.copy.url)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${report.isCopy ? 'A copy' : 'No copy'}: <code>${defang(report.copy.url)}</code></h1>
<p class="level ${report.level.toLowerCase()}">${escape(report.level)} (${report.score.toFixed(2)})</p>
<dl>
<dt>Copy</dt><dd><code>${defang(report.copy.url)}</code>${seen(report.copy)}</dd>
<dt>Original</dt><dd><code>${defang(report.original.url)}</code>${seen(report.original)}</dd>
<dt>Version</dt><dd>${escape(report.version)}</dd>
<dt>Which is which</dt><dd>${escape(report.direction)}</dd>
</dl>
<h2>Why</h2>
<ul>
${[...report.evidence.map(({ says, score }) => `<li>${escape(says)} <small>${score.toFixed(2)}</small></li>`), ...report.counterEvidence.map((says) => `<li>but: ${escape(says)}</li>`)].join('\n') || '<li>nothing speaks for it</li>'}
</ul>
<h2>How much of it is the original’s</h2>
${(['text', 'markup', 'resources'] as const).map((name) => shareBar(name, report.shares[name])).join('\n')}
${pictures(report)}
<h2>Still loaded from the original’s owner (${report.hotlinks.length})</h2>
<ul>
${report.hotlinks.map(({ url, element, place }) => `<li><code>&lt;${escape(element)}&gt; ${defang(url)}</code> <small>line ${place.line}</small></li>`).join('\n') || '<li>nothing</li>'}
</ul>
<h2>Differences (${report.differences.length} of ${report.differenceCount})</h2>
<table>
<thead><tr><th scope="col">#</th><th scope="col">What</th><th scope="col">In the copy</th><th scope="col">In the original</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
</main>
</body>
</html>
`;
}

const seen = ({ capturedAt, unreadScreen }: ReportSide): string =>
  (capturedAt === undefined ? '' : `, seen at ${escape(capturedAt)}`) +
  (unreadScreen === undefined ? '' : `; its screenshot was not compared: ${escape(unreadScreen)}`);

const shareBar = (name: string, share: number): string =>
  `<p class="share"><label>${name}</label> <meter min="0" max="1" value="${share.toFixed(3)}">${percent(share)}</meter> ${percent(share)}</p>`;

function pictures({ copy, original }: CopyReport): string {
  if (copy.picture === undefined && original.picture === undefined) return '';
  return `<h2>On the screen</h2>
<div class="pictures">
${figure('Copy', copy.picture)}
${figure('Original', original.picture)}
</div>`;
}

function figure(name: string, picture: ReportPicture | undefined): string {
  if (picture === undefined) return `<figure><figcaption>${name}: no screenshot</figcaption></figure>`;
  const { base64, mediaType, width, height, pins } = picture;
  if (!/^[A-Za-z0-9+/=]*$/.test(base64))
    return `<figure><figcaption>${name}: unreadable screenshot</figcaption></figure>`;
  const marks = pins
    .filter(({ x, y }) => x >= 0 && y >= 0 && x <= width && y <= height)
    .map(
      ({ x, y, number }) =>
        `<span class="pin" style="left:${((x / width) * 100).toFixed(2)}%;top:${((y / height) * 100).toFixed(2)}%">${number}</span>`,
    );
  return `<figure><figcaption>${name}</figcaption><div class="shot"><img alt="Screenshot of the ${name.toLowerCase()}" src="data:${mediaType};base64,${base64}">${marks.join('')}</div></figure>`;
}

function differenceRow(difference: CopyReport['differences'][number], index: number): string {
  const { kind, says, leadsTo = [] } = difference;
  const ways = (leadsTo ?? [])
    .map(
      ({ url, steps }) =>
        `<p>leads to <code>${defang(url)}</code></p><ol>${steps.map(({ what, name, code }) => `<li>${escape(what)} ${escape(name)} <code>${escape(code)}</code></li>`).join('')}</ol>`,
    )
    .join('');
  return `<tr class="${escape(kind)}"><td>${index + 1}</td><td>${escape(says)}${ways}</td>${cell(difference.copy, difference.copyExcerpt)}${cell(difference.original, difference.originalExcerpt)}</tr>`;
}

const cell = (place: ReportPlace | undefined, excerpt: string | undefined): string =>
  place === undefined
    ? '<td>–</td>'
    : `<td><small>line ${place.line}, column ${place.column}</small><pre>${escape(excerpt ?? '')}</pre></td>`;

const STYLE = `
:root{color-scheme:light dark;--line:#8886;--bad:#c62828;--new:#2e7d3233;--gone:#c6282833;--other:#f9a82533}
body{font:15px/1.5 system-ui,sans-serif;margin:0}main{max-width:80rem;margin:auto;padding:1.5rem}
h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin-top:2rem}
code,pre{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere;white-space:pre-wrap;margin:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
.level{display:inline-block;padding:.2rem .8rem;border:1px solid var(--line);border-radius:1rem;font-weight:600}
.level.high{background:var(--bad);color:#fff}.share label{display:inline-block;width:6rem}
table{border-collapse:collapse;width:100%;table-layout:fixed}th,td{border:1px solid var(--line);padding:.4rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th:first-child{width:2.5rem}tr.added{background:var(--new)}tr.removed{background:var(--gone)}tr.changed,tr.moved{background:var(--other)}
.pictures{display:grid;grid-template-columns:1fr 1fr;gap:1rem}figure{margin:0}.shot{position:relative}.shot img{width:100%;border:1px solid var(--line)}
.pin{position:absolute;transform:translate(-50%,-50%);background:var(--bad);color:#fff;border:2px solid #fff;border-radius:1rem;min-width:1.5rem;text-align:center;font-weight:700}
@media (max-width:50rem){.pictures{grid-template-columns:1fr}}`;
