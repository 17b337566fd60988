import type { Url } from '#model';

/** What a site's robots.txt says to one crawler (RFC 9309). */
export interface RobotsRules {
  /** Path with query, as in the address. */
  isAllowed(path: string): boolean;
  /** `Crawl-delay`: no part of the RFC, but asked for by many. */
  readonly crawlDelayMs?: number;
}

/** Asks before a visit; a crawl that has none asks nobody. */
export interface RobotsPolicy {
  isAllowed(url: Url, signal: AbortSignal): Promise<boolean>;
}

/** RFC 9309 §2.5 demands at least 500 KiB; more is not read. */
const MAX_LENGTH = 512 * 1024;
const MAX_RULES = 20_000;
const MAX_CRAWL_DELAY_MS = 60_000;

interface Rule {
  readonly isAllow: boolean;
  readonly pattern: string;
}

interface Group {
  readonly agents: string[];
  readonly rules: Rule[];
  crawlDelayMs?: number;
}

/**
 * The rules for the crawler whose product token is `agent`: those of all groups that name it, else of all groups for
 * `*`, else none. Takes text of any quality.
 */
export function parseRobots(text: string, agent: string): RobotsRules {
  const groups = readGroups(text.slice(0, MAX_LENGTH));
  const token = agent.toLowerCase();
  const own = groups.filter(({ agents }) => agents.includes(token));
  const chosen = own.length > 0 ? own : groups.filter(({ agents }) => agents.includes('*'));
  const rules = chosen.flatMap((group) => group.rules).slice(0, MAX_RULES);
  const crawlDelayMs = chosen.find((group) => group.crawlDelayMs !== undefined)?.crawlDelayMs;
  return {
    isAllowed: (path) => isAllowed(rules, normalisePath(path)),
    ...(crawlDelayMs === undefined ? {} : { crawlDelayMs }),
  };
}

/** A policy that reads each origin's robots.txt once. `fetchText` gives undefined where there is none: all is allowed then. */
export function robotsPolicy(
  fetchText: (robotsUrl: string, signal: AbortSignal) => Promise<string | undefined>,
  agent: string,
): RobotsPolicy {
  const byOrigin = new Map<string, Promise<RobotsRules>>();
  return {
    async isAllowed(url, signal) {
      const { origin, pathname, search } = new URL(url);
      let rules = byOrigin.get(origin);
      if (rules === undefined) {
        rules = fetchText(`${origin}/robots.txt`, signal).then((text) => parseRobots(text ?? '', agent));
        byOrigin.set(origin, rules);
        // A failed fetch is tried again by the next who asks.
        rules.catch(() => byOrigin.delete(origin));
      }
      return (await rules).isAllowed(pathname + search);
    },
  };
}

function readGroups(text: string): Group[] {
  const groups: Group[] = [];
  let current: Group | undefined;
  let isNaming = false;
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)) {
    const [, key, value] = /^\s*([\w-]+)\s*:\s*(.*?)\s*$/.exec(line.replace(/#.*$/s, '')) ?? [];
    if (key === undefined || value === undefined) continue;
    switch (key.toLowerCase()) {
      case 'user-agent':
        if (!isNaming || current === undefined) groups.push((current = { agents: [], rules: [] }));
        current.agents.push(productToken(value));
        isNaming = true;
        continue;
      case 'allow':
      case 'disallow':
        // An empty value says nothing: no rule.
        if (value !== '') current?.rules.push({ isAllow: /^a/i.test(key), pattern: normalisePath(value) });
        break;
      case 'crawl-delay':
        if (current !== undefined && /^\d+(\.\d+)?$/.test(value)) {
          current.crawlDelayMs = Math.min(Number(value) * 1000, MAX_CRAWL_DELAY_MS);
        }
        break;
      default:
        continue; // Sitemap and the like belong to no group and end none
    }
    isNaming = false;
  }
  return groups;
}

function productToken(value: string): string {
  return (/^[a-z_-]+/i.exec(value)?.[0] ?? value.trim()).toLowerCase();
}

/** The longest matching rule decides; of two as long, the one that allows (RFC 9309 §2.2.2). */
function isAllowed(rules: readonly Rule[], path: string): boolean {
  if (path === '/robots.txt') return true;
  let best: Rule | undefined;
  for (const rule of rules) {
    const length = rule.pattern.length;
    const isBetter =
      best === undefined || length > best.pattern.length || (length === best.pattern.length && rule.isAllow);
    if (isBetter && matches(rule.pattern, path)) best = rule;
  }
  return best?.isAllow ?? true;
}

/** `*` stands for any characters, `$` at the end for the end. Greedy from left to right: linear in practice, no backtracking. */
function matches(pattern: string, path: string): boolean {
  const isAnchored = pattern.endsWith('$');
  const [start = '', ...pieces] = (isAnchored ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(start)) return false;
  if (pieces.length === 0) return !isAnchored || path.length === start.length;
  const last = isAnchored ? pieces.pop()! : '';
  let position = start.length;
  for (const piece of pieces) {
    const at = path.indexOf(piece, position);
    if (at === -1) return false;
    position = at + piece.length;
  }
  return path.length - last.length >= position && path.endsWith(last);
}

/** Escapes of unreserved characters undone, others in capitals, non-ASCII escaped: both sides alike. */
function normalisePath(path: string): string {
  return encodeURI(path.toWellFormed())
    .replace(/%25(?=[0-9a-f]{2})/gi, '%')
    .replace(/%[0-9a-f]{2}/gi, (escape) => {
      const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
    });
}
