import type { Mail } from '../story.ts';
import { paintPng } from '../art/png.ts';
import { attachment, encodedWord, mailDate, message, multipart, text } from './mime.ts';

/** Mails of every day, which link to innocent hosts only. */
export const ordinaryMails: readonly Mail[] = [newsletter(), teaOffer(), forumNotice()];

function newsletter(): Mail {
  const sentAt = new Date('2017-11-11T07:00:00Z');
  const [week, ledger, prices, leave] = [
    'https://news.cryptoweekly.example/issue-88/',
    'https://www.morningledger.example/',
    'https://coincompare.example/',
    'https://news.cryptoweekly.example/unsubscribe?list=weekly&member=2041',
  ];
  const html = `<html><body><h1>Crypto Weekly 88</h1>
<p>A quiet week. Nearly. <a href="${week}">Read the issue</a>.</p>
<p>Elsewhere: <a href="${ledger}">what moved this week</a>, <a href="${prices}">all prices</a>.</p>
<p><small><a href="${leave.replace('&', '&amp;')}">Unsubscribe</a></small></p></body></html>
`;
  return {
    name: '07-newsletter.eml',
    isInitial: true,
    sentAt,
    urls: [week, ledger, prices, leave],
    eml: message(
      [
        'From: Crypto Weekly <letter@news.cryptoweekly.example>',
        'To: holder@coinfriends.example',
        `Subject: ${encodedWord('Crypto Weekly № 88', 'Q')}`,
        `Date: ${mailDate(sentAt, 0)}`,
        'Message-ID: <issue-88.2041@news.cryptoweekly.example>',
        `List-Unsubscribe: <${leave}>`,
      ],
      multipart('alternative', [
        text(
          'plain',
          `Crypto Weekly 88\n\nA quiet week. Nearly.\n${week}\n\nElsewhere:\n${ledger}\n${prices}\n`,
          'quoted-printable',
        ),
        text('html', html, 'quoted-printable'),
      ]),
    ),
  };
}

function teaOffer(): Mail {
  const sentAt = new Date('2017-11-14T10:15:00Z');
  const shop = 'https://shop.kettleandleaf.example/';
  const html = `<p>The smoked Lapsang is back. <a href="${shop}">To the shop</a></p>\n<p>Kettle &amp; Leaf</p>\n`;
  const picture = paintPng(24, 24, (x, y) => [90 + x * 60, 130 + y * 50, 60]);
  return {
    name: '08-tea.eml',
    isInitial: true,
    sentAt,
    urls: [shop],
    eml: message(
      [
        'From: Kettle & Leaf <shop@shop.kettleandleaf.example>',
        'To: holder@coinfriends.example',
        'Subject: It smells of smoke again',
        `Date: ${mailDate(sentAt, 0)}`,
        'Message-ID: <tea.20171114@shop.kettleandleaf.example>',
      ],
      multipart('mixed', [text('html', html, '7bit'), attachment('leaf.png', 'image/png', picture)]),
    ),
  };
}

function forumNotice(): Mail {
  const sentAt = new Date('2017-11-16T20:48:19Z');
  const thread = 'https://forum.hashpower.example/viewtopic.php?f=2&t=100';
  return {
    name: '09-forum-notice.eml',
    isInitial: false,
    sentAt,
    urls: [thread],
    eml: message(
      [
        'From: Hashpower Forum <no-reply@forum.hashpower.example>',
        'To: treasurer@coinfriends.example',
        'Subject: Reply in "Which card for a beginner?"',
        `Date: ${mailDate(sentAt, 0)}`,
        'Message-ID: <t100.r214@forum.hashpower.example>',
      ],
      text('plain', `Somebody replied:\n\n> the quiet one\n\n${thread}\n`, '7bit', 'us-ascii'),
    ),
  };
}
