import { AditError, type Host } from '#model';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { fromKey, toKey } from './key.ts';
import { parseLatest, type LatestSeen } from './latest.ts';
import { DATABASE } from './schema.ts';

/** Look-alikes of one brand, the surest first. */
export interface LookalikeQuery {
  /** The brand's host. */
  readonly brand: string;
  /** Only these hosts, whatever else is asked. */
  readonly among?: readonly string[] | undefined;
  /** Least score; 0 by default. */
  readonly leastScore?: number | undefined;
  /** What was done, in its own word: any of these leads. */
  readonly techniques?: readonly string[] | undefined;
  /** Text in the host, as it is stored (Punycode) or as it reads. */
  readonly contains?: string | undefined;
  /** Domains that are the brand's own by now; what lies within is left out. */
  readonly foreignTo?: readonly Host[] | undefined;
  /** RFC 3339 UTC: only what was seen first since. */
  readonly firstSeenFrom?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface StoredLookalike extends LatestSeen {
  readonly host: string;
  /** What weighs most of what was done. */
  readonly technique: string;
  /** 0 to 1. */
  readonly score: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export interface LookalikePage {
  readonly lookalikes: readonly StoredLookalike[];
  readonly cursor?: string | undefined;
}

const side = ['look-alikes', 'source'] as const;
const cursorSchema = z.tuple([z.number(), z.string()]);

/** One row a host: by what was found last, where it was matched in several ways over time. */
export async function readLookalikes(connection: Connection, query: LookalikeQuery): Promise<LookalikePage> {
  const {
    brand,
    among,
    leastScore = 0,
    techniques,
    contains,
    foreignTo = [],
    firstSeenFrom,
    limit,
    cursor,
  } = query;
  const parameters: Record<string, unknown> = {
    target: toKey('look-alikes', 'target', brand),
    least: leastScore,
    limit: limit + 1,
  };
  const where: string[] = [];
  const having = ['score >= {least:Float64}'];
  if (among !== undefined) {
    parameters['among'] = among.map((host) => toKey(...side, host));
    where.push('source IN {among:Array(String)}');
  }
  if (foreignTo.length > 0) {
    parameters['own'] = foreignTo.map((domain) => `${toKey(...side, domain)}.`);
    where.push("NOT arrayExists(own -> startsWith(concat(source, '.'), own), {own:Array(String)})");
  }
  if (techniques !== undefined) {
    parameters['techniques'] = techniques;
    having.push('technique IN {techniques:Array(String)}');
  }
  if (contains !== undefined && contains !== '') {
    parameters['contains'] = contains;
    having.push(
      `(positionCaseInsensitiveUTF8(arrayStringConcat(reverse(splitByChar('.', source)), '.'), {contains:String}) > 0
        OR positionCaseInsensitiveUTF8(JSONExtractString(fact, 'd', 'display'), {contains:String}) > 0)`,
    );
  }
  if (firstSeenFrom !== undefined) {
    parameters['from'] = Date.parse(firstSeenFrom);
    having.push('first_ms >= {from:Int64}');
  }
  if (cursor !== undefined) {
    [parameters['lastScore'], parameters['lastSource']] = parseCursor(cursor);
    having.push(
      '(score < {lastScore:Float64} OR (score = {lastScore:Float64} AND source > {lastSource:String}))',
    );
  }
  const rows = await connection.rows<Row>(
    `SELECT source, argMax(label, latest) AS technique, max(latest) AS newest,
        substring(newest, position(newest, ' ') + 1) AS fact, JSONExtractFloat(fact, 'd', 'score') AS score,
        toUnixTimestamp64Milli(min(first_seen)) AS first_ms, toUnixTimestamp64Milli(max(last_seen)) AS last_ms
      FROM ${DATABASE}.edges_rev
      WHERE ${["dataset = 'look-alikes'", 'target = {target:String}', ...where].join(' AND ')}
      GROUP BY source HAVING ${having.join(' AND ')}
      ORDER BY score DESC, source LIMIT {limit:UInt32}`,
    parameters,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    lookalikes: page.map(toLookalike),
    cursor:
      rows.length <= limit || last === undefined
        ? undefined
        : Buffer.from(JSON.stringify([Number(last.score), last.source])).toString('base64url'),
  };
}

interface Row {
  readonly source: string;
  readonly technique: string;
  readonly newest: string;
  readonly score: number;
  readonly first_ms: string;
  readonly last_ms: string;
}

function toLookalike({ source, technique, newest, score, first_ms, last_ms }: Row): StoredLookalike {
  const { captureId, detail, evidence } = parseLatest(newest);
  return {
    host: fromKey(...side, source),
    technique,
    score: Number(score),
    firstSeen: new Date(Number(first_ms)).toISOString(),
    lastSeen: new Date(Number(last_ms)).toISOString(),
    captureId,
    detail,
    evidence,
  };
}

function parseCursor(text: string): [number, string] {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AditError('bad-cursor', 'The cursor is not one of this query.', {
      advice: 'Begin again without a cursor.',
      cause,
    });
  }
}
