import type { Host, Observation, Sha256, Url } from '#model';

/** Where in a mail something is named: the labels of dataset `mentions`. */
export const MENTION_LABELS = [
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
] as const;
export type MentionLabel = (typeof MENTION_LABELS)[number];

/** A URL or host that a mail names. Of each target and place the first occurrence. */
export interface Mention {
  /** Undefined where only a host is named, for one as the domain of a mail address. */
  readonly url?: Url;
  readonly host: Host;
  readonly where: MentionLabel;
  /** The part it stands in: `header From`, `text`, `html`, or the path of attachments that leads to it. */
  readonly part: string;
  /** The text or markup around it. */
  readonly snippet: string;
  readonly isDefanged: boolean;
  /** Link text that names another host than the link goes to. */
  readonly shownText?: string;
  readonly element?: string;
  readonly attribute?: string;
}

/** A file that came with the mail, also from within messages inside it. */
export interface MailAttachment {
  /** As the mail names it; never a path to write to. */
  readonly name: string | undefined;
  /** Declared media type. */
  readonly mediaType: string;
  /** Names of the messages that it lies in, and its own, joined by ` › `. */
  readonly part: string;
  readonly sizeBytes: number;
  readonly sha256: Sha256;
}

/** What the mail says of itself; all of it is the sender's word. */
export interface MailMessage {
  /** Without angle brackets. */
  readonly messageId?: string;
  readonly from?: string;
  readonly replyTo?: string;
  readonly returnPath?: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject?: string;
  /** RFC 3339 where it is a date, else as it stands in the mail. */
  readonly date?: string;
}

/** How much of a mail is read. */
export interface MailLimits {
  /** Larger mails are not read at all. */
  readonly bytes: number;
  /**
   * Line ends and `=` signs together, of which a mail with more is not read at all: each can cost the MIME parser two kilobytes of
   * memory, however short the line or the unit of base64. 700,000 lines of base64 hold 50 MB.
   */
  readonly units: number;
  /** Text of one part that is scanned, in UTF-16 code units. */
  readonly textLength: number;
  readonly attachments: number;
  readonly mentions: number;
  /** Messages inside messages. */
  readonly depth: number;
}

export const DEFAULT_MAIL_LIMITS: MailLimits = {
  bytes: 64 * 1024 * 1024,
  units: 700_000,
  textLength: 4 * 1024 * 1024,
  attachments: 5_000,
  mentions: 10_000,
  depth: 8,
};

/** A mail that was read. */
export interface ReadMail {
  readonly kind: 'mail';
  /** How observations name it: its Message-ID, else `sha256:` and the digest of its bytes. */
  readonly source: string;
  readonly sha256: Sha256;
  readonly message: MailMessage;
  /** Everything named, in the order sender, other headers, subject, text, HTML, attachments. */
  readonly mentions: readonly Mention[];
  /** The mentions that are URLs. */
  readonly urls: readonly (Mention & { readonly url: Url })[];
  readonly attachments: readonly MailAttachment[];
  /** Of dataset `mentions`. */
  readonly observations: readonly Observation[];
  /** Limits that were met: what lies beyond them was not read. */
  readonly limits: readonly (keyof MailLimits)[];
}

/**
 * `notMail`: the bytes do not begin with header fields of a mail. `tooLarge`: more bytes than the limit. `tooComplex`: more lines,
 * header fields or parts in parts than the MIME parser can be given.
 */
export interface UnreadMail {
  readonly kind: 'notMail' | 'tooLarge' | 'tooComplex';
  /** One sentence for people. */
  readonly reason: string;
  readonly sha256: Sha256;
}

export type MailReading = ReadMail | UnreadMail;
