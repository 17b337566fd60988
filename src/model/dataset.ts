import { z } from 'zod';
import { CAUSES } from './cause.ts';

/** What one can look up. */
export type ArtifactType =
  | 'host'
  | 'domain'
  | 'ip'
  | 'url'
  | 'mail'
  | 'hash'
  | 'tracker'
  | 'component'
  | 'cookie'
  | 'certificate'
  | 'text';

/** A kind of observation. One entry here is all that a new dataset needs: tables, API, CSV header and columns derive from it. */
export interface Dataset<Detail extends z.ZodObject = z.ZodObject> {
  readonly title: string;
  readonly description: string;
  readonly sourceType: ArtifactType;
  readonly targetType: ArtifactType;
  /** The label vocabulary where it is closed; undefined where any text may stand. */
  readonly labels: readonly string[] | undefined;
  /** Fields of `Observation.detail`. */
  readonly detail: Detail;
}

const dataset = <Detail extends z.ZodObject>(entry: Dataset<Detail>): Dataset<Detail> => entry;

const instant = z.string().describe('RFC 3339 UTC');

export const DATASETS = {
  'host-pairs': dataset({
    title: 'Host pairs',
    description: 'The parent host made the browser reach the child host, or tells it to.',
    sourceType: 'host',
    targetType: 'host',
    labels: CAUSES,
    detail: z.object({
      isObserved: z.boolean().describe('the browser made the request; false: the page only names it'),
      depth: z.number().optional().describe('0: the page itself, 1: a frame in it or what it loads, …'),
      url: z.string().optional().describe('URL reached in the child host'),
      parentUrl: z.string().optional(),
    }),
  }),
  resolutions: dataset({
    title: 'Resolutions',
    description: 'What a name resolved to when it was visited.',
    sourceType: 'host',
    targetType: 'ip',
    labels: ['A', 'AAAA', 'CNAME', 'NS', 'MX', 'TXT', 'SOA', 'PTR'],
    detail: z.object({}),
  }),
  trackers: dataset({
    title: 'Trackers',
    description:
      'Identifiers in pages and scripts that point at an operator: analytics ids, pixels, wallets, bot tokens.',
    sourceType: 'host',
    targetType: 'tracker',
    labels: undefined,
    detail: z.object({ url: z.string().optional() }),
  }),
  components: dataset({
    title: 'Components',
    description: 'Software and services a host runs or uses; the label is the category.',
    sourceType: 'host',
    targetType: 'component',
    labels: undefined,
    detail: z.object({ version: z.string().optional(), url: z.string().optional() }),
  }),
  cookies: dataset({
    title: 'Cookies',
    description: 'Cookie names that a host sets; the label is the cookie domain.',
    sourceType: 'host',
    targetType: 'cookie',
    labels: undefined,
    detail: z.object({
      secure: z.boolean(),
      httpOnly: z.boolean(),
      sameSite: z.string().optional(),
      setter: z.string().describe('`header` or the URL of the script'),
      path: z.string().optional(),
      expiresAt: instant.optional(),
    }),
  }),
  certificates: dataset({
    title: 'Certificates',
    description:
      'Certificates that a host presented (`leaf`, `intermediate`, `root`), and hosts that a certificate names (`SAN`).',
    sourceType: 'host',
    targetType: 'certificate',
    labels: ['leaf', 'intermediate', 'root', 'SAN'],
    detail: z.object({
      subject: z.string(),
      issuer: z.string(),
      notBefore: instant,
      notAfter: instant,
      serial: z.string(),
      sha1: z.string(),
    }),
  }),
  files: dataset({
    title: 'Files',
    description:
      'Files that a host served: downloads and every body that is no page text; the label says how it was obtained.',
    sourceType: 'host',
    targetType: 'hash',
    labels: ['download', 'response', 'blob'],
    detail: z.object({
      url: z.string(),
      name: z.string().optional(),
      sizeBytes: z.number(),
      mediaType: z.string().optional().describe('as the server declared it'),
      magic: z.string().optional().describe('as the bytes show it'),
      sha1: z.string().optional(),
      md5: z.string().optional(),
    }),
  }),
  'mirror-stamps': dataset({
    title: 'Mirror stamps',
    description: 'What a copying tool left in a page: the host it was copied from; the label is the tool.',
    sourceType: 'host',
    targetType: 'host',
    labels: undefined,
    detail: z.object({
      url: z.string().optional(),
      sourceUrl: z.string().optional(),
      copiedAt: instant.optional(),
      stamp: z.string().describe('as it stands in the page'),
      uncertaintyHours: z.number().optional().describe('where the stamp is in an unknown local time'),
      isEdited: z.boolean().optional().describe('the stamp contradicts itself: it was changed by hand'),
    }),
  }),
  'look-alikes': dataset({
    title: 'Look-alikes',
    description: "Host names that imitate a brand's; the label is the technique.",
    sourceType: 'host',
    targetType: 'host',
    labels: undefined,
    detail: z.object({
      score: z.number().describe('0 to 1'),
      level: z.string().describe('HIGH, MEDIUM or LOW'),
      display: z.string().optional().describe('the name as browsers show it, where that is another text'),
      part: z.string().describe('what of the name imitates'),
      imitates: z.string().describe('the name of the brand that it imitates'),
      characters: z.string().optional().describe('letters that stand for others, with code points'),
      techniques: z.string().describe('all that were found, with commas between; the label is the first'),
      reasons: z.string().describe('in words, with semicolons between'),
    }),
  }),
  copies: dataset({
    title: 'Copies',
    description: "Pages that imitate a brand's page; the label is the kind of evidence that is strongest.",
    sourceType: 'host',
    targetType: 'host',
    labels: undefined,
    detail: z.object({
      score: z.number().describe('0 to 1'),
      level: z.string().optional().describe('HIGH, MEDIUM or LOW'),
      brand: z.string().optional().describe('id of the brand'),
      url: z.string().optional(),
      originalUrl: z.string().optional(),
      reasons: z.string().optional(),
      kinds: z.string().optional().describe('all kinds of evidence, the strongest first'),
      copiedAt: instant.optional().describe('as a stamp of a copying tool has it'),
      capture: z.string().optional().describe('id of the capture of the copy'),
      originalCapture: z.string().optional().describe('id of the capture that it was compared with'),
    }),
  }),
  registration: dataset({
    title: 'Registration',
    description: 'Registration data of a domain; the label is the field.',
    sourceType: 'domain',
    targetType: 'text',
    labels: undefined,
    detail: z.object({}),
  }),
  fingerprints: dataset({
    title: 'Fingerprints',
    description: 'Values that pages of one origin or operator share; the label is the kind.',
    sourceType: 'host',
    targetType: 'text',
    labels: [
      'title',
      'favicon.mmh3',
      'favicon.sha256',
      'body.sha256',
      'dom.shape',
      'headers.order',
      'text.sha256',
    ],
    detail: z.object({ url: z.string().optional() }),
  }),
  mentions: dataset({
    title: 'Mentions',
    description: 'URLs and hosts that a mail or report names; the label says where in it.',
    sourceType: 'mail',
    targetType: 'url',
    labels: [
      'text',
      'html.href',
      'html.src',
      'html.form',
      'html.text',
      'subject',
      'header',
      'attachment',
      'from',
      'reply-to',
    ],
    detail: z.object({
      isDefanged: z.boolean().optional(),
      shownText: z.string().optional().describe('link text where it names another host than the link'),
    }),
  }),
} as const satisfies Record<string, Dataset>;

export type DatasetId = keyof typeof DATASETS;

export const DATASET_IDS = Object.keys(DATASETS) as DatasetId[]; // keys of the const above
