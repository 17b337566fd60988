import { parseArtifact, sha256 } from '#model';
import PostalMime, { addressParser, type Address, type Attachment, type Email } from 'postal-mime';
import { decodeText } from '../decode-text.ts';
import {
  DEFAULT_MAIL_LIMITS,
  type MailAttachment,
  type MailLimits,
  type MailMessage,
  type MailReading,
  type UnreadMail,
} from './mail-reading.ts';
import { MentionCollector, type Place } from './mention-collector.ts';
import { toObservations } from './observations.ts';
import { mailStart } from './mail-start.ts';

/** Longest Message-ID that names a mail. */
const MAX_ID_LENGTH = 512;

const DAY_MS = 86_400_000;
/** The last that RFC 3339 can write. */
const MAX_TIME = Date.UTC(9999, 11, 31);

/** Headers whose URLs and hosts are about the way of the mail, or which are read for themselves. */
const TRACE_HEADER =
  /^(?:received|dkim-signature|x-google-dkim-signature|authentication-results|x-received|from|reply-to|return-path|sender|subject|content-type)$|^arc-/;

/**
 * Reads a mail (RFC 5322, MIME) and finds every URL and host in it: text, HTML, subject, senders, other headers, messages and pages
 * attached. Pure; bytes of any kind give a result. `readAt` (RFC 3339) dates the observations of mails that tell no time.
 */
export async function readMail(
  bytes: Uint8Array,
  options: { readonly limits?: Partial<MailLimits>; readonly readAt?: string } = {},
): Promise<MailReading> {
  const limits = { ...DEFAULT_MAIL_LIMITS, ...options.limits };
  const digest = sha256(bytes);
  const unread = (kind: UnreadMail['kind'], reason: string): UnreadMail => ({ kind, reason, sha256: digest });
  if (bytes.length > limits.bytes) {
    return unread('tooLarge', `It has ${bytes.length} bytes, more than ${limits.bytes}.`);
  }
  if (countUnits(bytes) > limits.units) {
    return unread('tooComplex', `It has more than ${limits.units} lines and padding signs.`);
  }
  const start = mailStart(bytes);
  if (start === undefined) return unread('notMail', 'It does not begin with header fields of a mail.');
  const reader = new MessageReader(limits);
  let email: Email;
  try {
    email = await parse(bytes.subarray(start));
    await reader.read(email, []);
    if (isEmpty(email)) reader.readRaw(bytes.subarray(start));
  } catch (error) {
    return unread(
      'tooComplex',
      `The MIME parser gave up: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  const message = messageOf(email);
  const { messageId } = message;
  const source = sourceOf(messageId) ?? `sha256:${digest}`;
  const { mentions } = reader.collector;
  return {
    kind: 'mail',
    source,
    sha256: digest,
    message,
    mentions,
    urls: mentions.flatMap((mention) =>
      mention.url === undefined ? [] : [{ ...mention, url: mention.url }],
    ),
    attachments: reader.attachments,
    observations: toObservations(
      { source, sha256: digest },
      mentions,
      receivedAt(email, options.readAt) ?? options.readAt,
    ),
    limits: [...reader.collector.limitsMet],
  };
}

/** A Message-ID in the form in which it is found when somebody looks it up; undefined where it is none that can be kept. */
function sourceOf(messageId = ''): string | undefined {
  if (messageId.length > MAX_ID_LENGTH || !/^[^\0\p{Cs}]*@[^\0\p{Cs}]*$/u.test(messageId)) return undefined;
  return parseArtifact(messageId)?.value;
}

function countUnits(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === 10 || byte === 61) count++;
  return count;
}

/** Messages inside stay whole: they are read in their turn, so that each mention knows its part. */
function parse(bytes: Uint8Array): Promise<Email> {
  return PostalMime.parse(bytes, { forceRfc822Attachments: true, maxNestingDepth: 100 });
}

/** Whether the parser found nothing to show, as in a multipart message whose boundary never comes. */
const isEmpty = ({ text = '', html = '', attachments }: Email): boolean =>
  text.trim() === '' && html.trim() === '' && attachments.length === 0;

/** Walks a message and the messages attached to it. */
class MessageReader {
  readonly attachments: MailAttachment[] = [];
  readonly collector: MentionCollector;
  readonly #limits: MailLimits;

  constructor(limits: MailLimits) {
    this.#limits = limits;
    this.collector = new MentionCollector(limits);
  }

  /** `path`: names of the attachments that lead here; all that they name has the label `attachment`. */
  async read(email: Email, path: readonly string[]): Promise<void> {
    const isOuter = path.length === 0;
    const at = (label: Place['label'], part: string): Place => ({
      label: isOuter ? label : 'attachment',
      part: [...path, part].join(' › '),
      isInside: !isOuter,
    });
    this.#readSenders(email, at);
    for (const { key, originalKey, value } of email.headers) {
      if (TRACE_HEADER.test(key)) continue;
      this.collector.urlsOfText(value, { ...at('header', `header ${originalKey}`), header: originalKey });
    }
    this.collector.text(email.subject ?? '', { ...at('subject', 'header Subject'), header: 'Subject' });
    this.collector.text(email.text ?? '', at('text', 'text'));
    this.collector.html(email.html ?? '', at('html.text', 'html'));
    for (const attachment of email.attachments) await this.#readAttachment(attachment, path);
  }

  /** The body as it stands: some mailers show that where no part can be made out. */
  readRaw(bytes: Uint8Array): void {
    const { text } = decodeText(bytes, undefined, 'html');
    const body = /\r?\n\r?\n([^]*)/.exec(text)?.[1] ?? '';
    this.collector.text(body, { label: 'text', part: 'body', isInside: false });
  }

  #readSenders(email: Email, at: (label: Place['label'], part: string) => Place): void {
    for (const [name, label] of [
      ['From', 'from'],
      ['Reply-To', 'reply-to'],
      ['Sender', 'header'],
      ['Return-Path', 'header'],
    ] as const) {
      const place = { ...at(label, `header ${name}`), header: name };
      for (const { value } of email.headers.filter(({ key }) => key === name.toLowerCase())) {
        for (const mailbox of mailboxes(addressParser(value))) {
          this.collector.address(mailbox.address, place);
          this.collector.text(mailbox.name, place);
        }
      }
    }
  }

  async #readAttachment(attachment: Attachment, path: readonly string[]): Promise<void> {
    if (this.attachments.length >= this.#limits.attachments) return this.collector.meet('attachments');
    const bytes = bytesOf(attachment);
    const { mimeType } = attachment;
    const name = attachment.filename ?? undefined;
    const inside = [...path, name ?? mimeType];
    const part = inside.join(' › ');
    this.attachments.push({
      name,
      mediaType: mimeType,
      part,
      sizeBytes: bytes.length,
      sha256: sha256(bytes),
    });
    const place: Place = { label: 'attachment', part, isInside: true };
    switch (kindOf(mimeType, name)) {
      case 'message':
        await this.#readMessage(bytes, inside, place);
        break;
      case 'html':
        this.collector.html(this.#text(bytes, undefined, 'html'), place);
        break;
      case 'text':
        this.collector.text(this.#text(bytes, undefined, 'other'), place);
        break;
      case 'other':
    }
  }

  async #readMessage(bytes: Uint8Array, path: readonly string[], place: Place): Promise<void> {
    const start = mailStart(bytes);
    if (start === undefined) return this.collector.text(this.#text(bytes, undefined, 'other'), place);
    if (path.length > this.#limits.depth) return this.collector.meet('depth');
    let email: Email;
    try {
      email = await parse(bytes.subarray(start));
    } catch {
      return this.collector.meet('depth'); // beyond what the parser takes; the rest of the mail is read
    }
    await this.read(email, path);
  }

  /** Cut before it is decoded: no part of a mail is worth more text than the limit. */
  #text(bytes: Uint8Array, contentType: string | undefined, kind: 'html' | 'other'): string {
    const most = 2 * this.#limits.textLength;
    if (bytes.length > most) this.collector.meet('textLength');
    return decodeText(bytes.subarray(0, most), contentType, kind).text;
  }
}

function kindOf(mediaType: string, name: string | undefined): 'message' | 'html' | 'text' | 'other' {
  const extension = /\.(\w+)\s*$/.exec(name ?? '')?.[1]?.toLowerCase() ?? '';
  if (/^message\/(?:rfc822|global)$/.test(mediaType) || extension === 'eml') return 'message';
  if (/^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml)$/.test(mediaType)) return 'html';
  if (/^(?:x?html?|shtml|svg)$/.test(extension)) return 'html';
  return /^(?:text|message)\//.test(mediaType) || /^(?:txt|csv|log|ics|md|url)$/.test(extension)
    ? 'text'
    : 'other';
}

function bytesOf({ content }: Attachment): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

function mailboxes(addresses: readonly Address[]): { name: string; address: string }[] {
  return addresses.flatMap((address) => (address.group === undefined ? [address] : address.group));
}

function messageOf(email: Email): MailMessage {
  const list = (addresses: readonly Address[] | undefined): string[] =>
    mailboxes(addresses ?? []).map(toText);
  const [from] = list(email.from && [email.from]);
  const [replyTo] = list(email.replyTo);
  const messageId = email.messageId?.trim().replace(/^<(.*)>$/s, '$1');
  return {
    ...(messageId !== undefined && { messageId }),
    ...(from !== undefined && { from }),
    ...(replyTo !== undefined && { replyTo }),
    ...(email.returnPath !== undefined && { returnPath: email.returnPath }),
    to: list(email.to),
    cc: list(email.cc),
    ...(email.subject !== undefined && { subject: email.subject }),
    ...(email.date !== undefined && { date: email.date }),
  };
}

function toText({ name, address }: { name: string; address: string }): string {
  if (address === '') return name;
  return name === '' ? address : `${name} <${address}>`;
}

/**
 * When the last server took it in (it writes the topmost Received header), else when its sender says it was sent. A time before there
 * were such mails, or more than a day after it was read, is none.
 */
function receivedAt(email: Email, readAt: string | undefined): string | undefined {
  const latest = readAt === undefined ? MAX_TIME : Date.parse(readAt) + DAY_MS;
  const received = email.headers.find(({ key }) => key === 'received')?.value;
  for (const text of [received?.slice(received.lastIndexOf(';') + 1), email.date]) {
    const time = Date.parse(text ?? '');
    if (time >= 0 && time <= latest) return new Date(time).toISOString();
  }
  return undefined;
}
