/**
 * Mails in, the URLs and hosts that they name out.
 *
 * Promises: pure; the same bytes give the same reading in the same order; bytes of any kind end in a result within the limits; what a
 * mail says is data, nothing in it is fetched or followed, and URL wrappers stay as they are.
 * Leaves to others: reading files, capturing what was found.
 */
export { findLinks, type FoundLink } from './find-links.ts';
export {
  DEFAULT_MAIL_LIMITS,
  type MailAttachment,
  type MailLimits,
  type MailMessage,
  type MailReading,
  type Mention,
  type ReadMail,
  type UnreadMail,
} from './mail-reading.ts';
export { readMail } from './read-mail.ts';
