import type { Mail } from '../story.ts';
import { hostNamed } from '../names.ts';
import { attachment, encodedWord, enclosed, mailDate, message, multipart, text } from './mime.ts';

/** Zone of the operator's mails. */
const SEOUL = 9 * 60;
const LONDON = 0;
const BERLIN = 60;

const FIRST = hostNamed('bitcoingöld.org');
const SECOND = hostNamed('bitcoingoľd.com');
const THIRD = hostNamed('bitcoiņgold.com');
const FOURTH = hostNamed('bitcöingold.org');
const ELECTRUM_FAKE = hostNamed('electrüm.org');

/** Text and HTML, quoted-printable; the link shows the genuine name and goes to the fake's Punycode name. */
function walletRelease(): Mail {
  const sentAt = new Date('2017-11-10T08:42:11Z');
  const plain = `Dear member of the Bitcoin Gold community,

the first desktop wallet for Windows is ready. Claim your coins before
the exchanges open:

  https://${FIRST}/

Your Bitcoin Gold technical team
`;
  const html = `<html><body style="font-family:Helvetica,Arial,sans-serif">
<p>Dear member of the <b>Bitcoin Gold</b> community,</p>
<p>the first desktop wallet for Windows is ready. Claim your coins before the exchanges open – it takes five minutes:</p>
<p><a href="https://${FIRST}/?utm_source=mail&amp;utm_campaign=wallet" style="color:#b9790a">https://bitcoingold.org/</a></p>
<p>Your Bitcoin Gold technical team</p>
</body></html>
`;
  return {
    name: '01-wallet-release.eml',
    isInitial: true,
    sentAt,
    urls: [
      `https://${FIRST}/`,
      `https://${FIRST}/?utm_source=mail&utm_campaign=wallet`,
      'https://bitcoingold.org/',
    ],
    eml: message(
      [
        `Received: from mail.${FIRST} (mail.${FIRST} [198.51.100.24]) by mx.coinfriends.example with ESMTP id v6si2k; ${mailDate(sentAt, LONDON)}`,
        `From: Bitcoin Gold Tech <tech@${FIRST}>`,
        'To: holder@coinfriends.example',
        `Subject: ${encodedWord('Bitcoin Gold wallet – first release', 'Q')}`,
        `Date: ${mailDate(sentAt, SEOUL)}`,
        `Message-ID: <5a0565e3.1c69fb81@${FIRST}>`,
      ],
      multipart('alternative', [
        text('plain', plain, 'quoted-printable'),
        text('html', html, 'quoted-printable'),
      ]),
    ),
  };
}

/** HTML alone, base64, everything in Unicode: the sender's address (RFC 6532) as well as the link. */
function walletSupport(): Mail {
  const sentAt = new Date('2017-11-13T01:17:55Z');
  const html = `<!doctype html><html><head><meta charset="utf-8"></head><body>
<table width="560" align="center" cellpadding="20"><tr><td bgcolor="#10162a"><font color="#ffd061" size="5">Bitcoin Gold</font></td></tr>
<tr><td>Version <b>1.0</b> of the official wallet supports Windows 7, 8 and 10. Old backups can be imported.<br><br>
<a href="https://bitcoingoľd.com/"><b>Download the wallet</b></a><br><br>Questions? Just reply to this mail.</td></tr></table>
</body></html>
`;
  return {
    name: '02-official-wallet.eml',
    isInitial: true,
    sentAt,
    urls: [`https://${SECOND}/`],
    eml: message(
      [
        `From: ${encodedWord('Bitcoin Gold', 'B')} <info@bitcoingoľd.com>`,
        'To: holder@coinfriends.example',
        `Subject: ${encodedWord('Official wallet 1.0 ✔', 'B')}`,
        `Date: ${mailDate(sentAt, SEOUL)}`,
        `Message-ID: <20171113011755.8e21@${SECOND}>`,
      ],
      text('html', html, 'base64'),
    ),
  };
}

/** Forwarded by its receiver: the operator's message lies inside, whole. */
function forwarded(): Mail {
  const sentAt = new Date('2017-11-15T09:30:02Z');
  const inner = message(
    [
      `From: "BTG Info" <info@${THIRD}>`,
      'To: treasurer@coinfriends.example',
      'Subject: New: desktop wallet for BTG',
      `Date: ${mailDate(new Date('2017-11-14T23:51:40Z'), SEOUL)}`,
      `Message-ID: <aa81c0.77@${THIRD}>`,
    ],
    multipart('alternative', [
      text(
        'plain',
        `Store, send and receive BTG. Free and open source.\nhttps://${THIRD}/\n`,
        '7bit',
        'us-ascii',
      ),
      text(
        'html',
        `<p>Store, send and receive BTG. Fees: £0, for ever.</p>\n<p><a href="https://${THIRD}/">Get the wallet</a></p>\n`,
        'quoted-printable',
        'iso-8859-1',
      ),
    ]),
  );
  return {
    name: '03-forwarded.eml',
    isInitial: true,
    sentAt,
    urls: [`https://${THIRD}/`],
    eml: message(
      [
        'From: Treasurer <treasurer@coinfriends.example>',
        'To: security@coinfriends.example',
        'Subject: Fwd: New: desktop wallet for BTG',
        `Date: ${mailDate(sentAt, LONDON)}`,
        'Message-ID: <f0c2d1@coinfriends.example>',
      ],
      multipart('mixed', [
        text('plain', 'Is this one of theirs? I did not click.\n', '7bit', 'us-ascii'),
        enclosed(inner),
      ]),
    ),
  };
}

/** A note among analysts, every URL defanged. */
function analystsNote(): Mail {
  const sentAt = new Date('2017-11-16T13:05:44Z');
  const plain = `Hi all,

two more reports about the wallet mails. Do not open these:

  hxxps://${FOURTH.replaceAll('.', '[.]')}/
  hxxp://${FIRST.replaceAll('.', '(.)')}/

The second one we had already. The first one is new to me; it looks the
same as the page from Friday.

Jana
`;
  return {
    name: '04-analysts-note.eml',
    isInitial: false,
    sentAt,
    urls: [`https://${FOURTH}/`, `http://${FIRST}/`],
    eml: message(
      [
        'From: Jana Novak <jana@cert.example>',
        'To: wallet-mails@cert.example',
        'Subject: more wallet mails',
        `Date: ${mailDate(sentAt, BERLIN)}`,
        'Message-ID: <9d31f4@cert.example>',
        'In-Reply-To: <77aa10@cert.example>',
      ],
      text('plain', plain, '7bit', 'us-ascii'),
    ),
  };
}

/** An empty text and a page as attachment, which holds the link. */
function htmlAttachment(): Mail {
  const sentAt = new Date('2017-11-16T02:26:30Z');
  const page = `<!doctype html><html><head><meta charset="utf-8"><title>Wallet invitation</title></head>
<body><h1>Your invitation</h1><p>Reserved for early holders.</p>
<p><a href="https://${FOURTH}/">Open invitation</a></p></body></html>
`;
  return {
    name: '05-invitation.eml',
    isInitial: false,
    sentAt,
    urls: [`https://${FOURTH}/`],
    eml: message(
      [
        `From: "Bitcoin Gold" <info@${SECOND}>`,
        `Reply-To: <tech@${FIRST}>`,
        'To: holder@coinfriends.example',
        'Subject: Your invitation',
        `Date: ${mailDate(sentAt, SEOUL)}`,
        `Message-ID: <20171116022630.11c9@${SECOND}>`,
      ],
      multipart('mixed', [
        text('plain', 'Please see the attached invitation.\n', '7bit', 'us-ascii'),
        attachment('invitation.html', 'text/html', Buffer.from(page, 'utf8')),
      ]),
    ),
  };
}

/** The other brand: sent on the day on which its page was copied. */
function electrumUpdate(): Mail {
  const sentAt = new Date('2017-11-17T06:12:09Z');
  const plain = `A new version of Electrum is available.\n\nWindows users should update today: https://electrüm.org/\n`;
  const html = `<p>A new version of Electrum is available.</p>
<p>Windows users should update today: <a href="https://${ELECTRUM_FAKE}/index.html">electrum.org</a></p>
`;
  return {
    name: '06-electrum-update.eml',
    isInitial: false,
    sentAt,
    urls: [`https://${ELECTRUM_FAKE}/`, `https://${ELECTRUM_FAKE}/index.html`],
    eml: message(
      [
        `From: Electrum <info@${ELECTRUM_FAKE}>`,
        'To: holder@coinfriends.example',
        'Subject: Electrum 3.0.2',
        `Date: ${mailDate(sentAt, SEOUL)}`,
        `Message-ID: <20171117061209.3d07@${ELECTRUM_FAKE}>`,
      ],
      multipart('alternative', [text('plain', plain, '8bit'), text('html', html, 'base64')]),
    ),
  };
}

/** The operator's mails, and what their receivers wrote about them. */
export const phishingMails: readonly Mail[] = [
  walletRelease(),
  walletSupport(),
  forwarded(),
  analystsNote(),
  htmlAttachment(),
  electrumUpdate(),
];
