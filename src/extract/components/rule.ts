import { anyCase } from '../marks/pattern-template.ts';

export { anyCase } from '../marks/pattern-template.ts';

/**
 * A product and the marks that show it. A pattern's first group, where it has one, is the version. Texts are searched
 * without regard to case.
 */
export interface ComponentRule {
  readonly name: string;
  readonly category: Category;
  /** Lower-case header name → its value. */
  readonly headers?: Readonly<Record<string, RegExp>>;
  /** Cookie names. */
  readonly cookies?: readonly RegExp[];
  /** Lower-case name or property of a meta element → its content. */
  readonly meta?: Readonly<Record<string, RegExp>>;
  /** URLs that the page loads: scripts, styles, images, frames, requests. */
  readonly urls?: readonly RegExp[];
  /** Paths (with query) that only such a product serves: shows what runs on the host of the URL, whoever's page loads it. */
  readonly paths?: readonly RegExp[];
  /** Markup of the page, inline scripts included. */
  readonly html?: readonly RegExp[];
  /** Script text, inline or in files: banners, globals. */
  readonly code?: readonly RegExp[];
  /** Products that it cannot run without. */
  readonly implies?: readonly string[];
}

export const CATEGORIES = [
  'Server',
  'Server Module',
  'Operating System',
  'Language',
  'Framework',
  'CMS',
  'Shop',
  'JavaScript Library',
  'JavaScript Framework',
  'CSS Framework',
  'Analytics Service',
  'Tag Manager',
  'Advertising',
  'Ad Exchange',
  'Tracking Pixel',
  'CDN',
  'Cache',
  'Hosting',
  'Load Balancer',
  'Security',
  'Captcha',
  'Consent',
  'Payment',
  'Chat',
  'Marketing',
  'Video',
  'Font',
  'Map',
  'Search',
  'Comments',
  'Monitoring',
  'Remote Access',
  'Site Builder',
  'Static Site Generator',
  'Forum',
  'Wiki',
  'Webmail',
  'Database Administration',
  'Control Panel',
  'Developer Tool',
  'Command and Control',
  'Phishing Kit',
  'File Sharing',
  'Learning Platform',
  'Web3',
] as const;

export type Category = (typeof CATEGORIES)[number];

/**
 * URLs of a library's files as they are usually kept: `jquery-3.4.1.min.js`, `jquery@3.4.1`, `jquery/3.4.1/…` on a
 * library CDN, and without a version.
 */
export function files(name: string, extension: 'js' | 'css' = 'js'): readonly RegExp[] {
  const stem = name.replace(/[.]/g, '\\.');
  // What may stand between name and extension; grouped by first letter, so that one letter decides.
  const build = '(?:min|slim|bundle|p(?:rod(?:uction)?|kgd|ack)|esm|umd|core|global)';
  return [
    raw(String.raw`\/${stem}[.-]<V>[.-](?:js|css|${build})(?![a-z])`),
    raw(String.raw`\/${stem}(?:[.-]${build}){0,2}\.${extension}(?![\w])`),
    raw(String.raw`\/${stem}@<V>(?![\d])`),
    raw(String.raw`\/(?:libs?|ajax|npm|bower_components|vendor)\/${stem}\/<V>\/`),
  ];
}

/** A licence comment at the head of a library's file: its name, then a version. */
export function banner(name: string): readonly RegExp[] {
  const stem = name.replace(/[.]/g, '\\.');
  return [
    raw(
      String.raw`\/\*!?\s{0,8}(?:\*\s{0,8})?(?:@license\s|@preserve\s)?${stem}(?:\.js)?\s(?:-\s|JavaScript Library\s)?(?:version\s)?<V>(?![\w.])`,
    ),
  ];
}

function raw(source: string): RegExp {
  return anyCase(Object.assign([source], { raw: [source] }));
}
