/** Fields of which a mail has at least one (RFC 5322 §3.6), in its first lines. */
const MAIL_FIELD =
  /^(?:from|sender|reply-to|to|cc|bcc|subject|date|message-id|in-reply-to|references|received|return-path|delivered-to|mime-version|dkim-signature|resent-\w+|x-originating-ip|x-mailer|arc-seal)[ \t]*:/im;

const HEAD_BYTES = 64 * 1024;

/**
 * Where the header fields of a mail begin: behind a byte order mark, empty lines and the `From ` line of mailboxes. Undefined where the
 * bytes are no mail.
 */
export function mailStart(bytes: Uint8Array): number | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString(
    'latin1',
  );
  const preface = /^(?:\xef\xbb\xbf)?\s*(?:>?From [^\r\n]*\r?\n)?/.exec(head)![0];
  const block = head.slice(preface.length).split(/\r?\n[ \t]*\r?\n/, 1)[0]!;
  const isText = !block.includes('\0');
  // the first line must be a field as well: web pages and prose have lines like `To: everyone`, too
  const beginsWithField = /^[!-9;-~]+[ \t]*:/.test(block);
  return isText && beginsWithField && MAIL_FIELD.test(block) ? preface.length : undefined;
}
