import type { ReactNode } from 'react';
import { call, type Reply } from '../../client/call.ts';
import { usePages } from '../../client/use-pages.ts';
import { Badge } from '../../design/controls.tsx';
import type { Column } from '../../table/data-table.tsx';
import { Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { ListTab } from './list-tab.tsx';
import { PlaceLink } from './place-link.tsx';

interface OfCapture {
  readonly captureId: string;
}

/** What the page wrote to the console. */
export function ConsoleTab({ captureId }: OfCapture): ReactNode {
  type Message = Reply<'listConsole'>['messages'][number];
  const pages = usePages(
    ['listConsole', captureId],
    (cursor, signal) => call('listConsole', { params: { id: captureId }, query: { cursor } }, signal),
    ({ messages }) => messages,
  );
  const columns: readonly Column<Message>[] = [
    {
      id: 'kind',
      title: 'Kind',
      width: '92px',
      cell: ({ kind }) => <Badge kind={isFault(kind) ? 'suspected' : 'plain'}>{kind}</Badge>,
    },
    {
      id: 'text',
      title: 'Message',
      width: 'minmax(0, 3fr)',
      cell: ({ text }) => <Inert text={text} clamp={300} />,
    },
    {
      id: 'place',
      title: 'From',
      width: 'minmax(0, 1.4fr)',
      isSecondary: true,
      cell: ({ url, place, line }) => (
        <>
          {url !== undefined && <Inert text={lastPart(url)} clamp={50} />}{' '}
          {place !== undefined ? (
            <PlaceLink captureId={captureId} place={place} />
          ) : (
            line !== undefined && `line ${line}`
          )}
        </>
      ),
    },
    {
      id: 'at',
      title: 'At',
      width: '148px',
      isSecondary: true,
      cell: ({ at }) => <Time at={at} precision="second" />,
    },
  ];
  return (
    <ListTab
      label="Console messages"
      one="message"
      empty="The page wrote nothing to the console"
      columns={columns}
      pages={pages}
    />
  );
}

const isFault = (kind: string): boolean => kind === 'error' || kind === 'exception' || kind === 'warn';
const lastPart = (url: string): string => url.split('/').findLast((part) => part !== '') ?? url;

/** Cookies at the end of the visit, and who set each. */
export function CookiesTab({ captureId }: OfCapture): ReactNode {
  type Cookie = Reply<'listCookies'>['cookies'][number];
  const pages = usePages(
    ['listCookies', captureId],
    (cursor, signal) => call('listCookies', { params: { id: captureId }, query: { cursor } }, signal),
    ({ cookies }) => cookies,
  );
  const columns: readonly Column<Cookie>[] = [
    {
      id: 'name',
      title: 'Name',
      width: 'minmax(100px, 1fr)',
      cell: ({ name }) => <Value type="cookie" value={name} />,
    },
    {
      id: 'value',
      title: 'Value',
      width: 'minmax(0, 1.2fr)',
      cell: ({ value }) => <Inert text={value} clamp={120} />,
    },
    {
      id: 'domain',
      title: 'Domain',
      width: 'minmax(100px, 1.2fr)',
      isSecondary: true,
      cell: ({ domain, path }) => <Inert text={domain + path} clamp={80} />,
    },
    {
      id: 'flags',
      title: 'Flags',
      width: 'minmax(72px, 0.8fr)',
      isSecondary: true,
      cell: ({ secure, httpOnly, sameSite }) =>
        [
          secure && 'Secure',
          httpOnly && 'HttpOnly',
          sameSite !== undefined && sameSite !== '' && `SameSite ${sameSite}`,
        ]
          .filter((flag) => flag !== false)
          .join(', ') || '–',
    },
    {
      id: 'expires',
      title: 'Expires',
      width: '132px',
      isSecondary: true,
      cell: ({ expiresAt }) => (expiresAt === undefined ? 'with the session' : <Time at={expiresAt} />),
    },
    {
      id: 'setBy',
      title: 'Set by',
      width: '112px',
      isSecondary: true,
      cell: ({ setBy }) =>
        setBy.kind === 'header' ? (
          <a href={`?tab=requests&exchange=${setBy.exchange}`} tabIndex={-1}>
            request {setBy.exchange}
          </a>
        ) : setBy.kind === 'script' ? (
          'a script'
        ) : (
          'not known'
        ),
    },
  ];
  return (
    <ListTab label="Cookies" one="cookie" empty="The page set no cookie" columns={columns} pages={pages} />
  );
}

/** What the page stored in the browser. */
export function StorageTab({ captureId }: OfCapture): ReactNode {
  type Item = Reply<'listStorage'>['items'][number];
  const pages = usePages(
    ['listStorage', captureId],
    (cursor, signal) => call('listStorage', { params: { id: captureId }, query: { cursor } }, signal),
    ({ items }) => items,
  );
  const columns: readonly Column<Item>[] = [
    { id: 'kind', title: 'Kind', width: '80px', cell: ({ kind }) => kind },
    {
      id: 'origin',
      title: 'Origin',
      width: 'minmax(0, 1fr)',
      isSecondary: true,
      cell: ({ origin }) => <Inert text={origin} clamp={80} />,
    },
    { id: 'key', title: 'Key', width: 'minmax(0, 1fr)', cell: ({ key }) => <Inert text={key} clamp={100} /> },
    {
      id: 'value',
      title: 'Value',
      width: 'minmax(0, 2fr)',
      cell: ({ text }) => <Inert text={text} clamp={200} />,
    },
  ];
  return (
    <ListTab
      label="Storage"
      one="entry"
      many="entries"
      empty="The page stored nothing"
      columns={columns}
      pages={pages}
    />
  );
}

/** Messages of WebSockets in the order in which they went. */
export function SocketsTab({ captureId }: OfCapture): ReactNode {
  type Message = Reply<'listWebSockets'>['messages'][number];
  const pages = usePages(
    ['listWebSockets', captureId],
    (cursor, signal) => call('listWebSockets', { params: { id: captureId }, query: { cursor } }, signal),
    ({ messages }) => messages,
  );
  const columns: readonly Column<Message>[] = [
    { id: 'way', title: 'Way', width: '92px', cell: ({ isSent }) => (isSent ? '↑ sent' : '↓ received') },
    {
      id: 'text',
      title: 'Message',
      width: 'minmax(0, 3fr)',
      cell: ({ text, isBinary }) => (
        <>
          {isBinary && <span className="soft">binary </span>}
          <Inert text={text} clamp={240} />
        </>
      ),
    },
    {
      id: 'url',
      title: 'Socket',
      width: 'minmax(0, 1.4fr)',
      isSecondary: true,
      cell: ({ url }) => <Inert text={url} clamp={90} />,
    },
    {
      id: 'at',
      title: 'At',
      width: '148px',
      isSecondary: true,
      cell: ({ at }) => <Time at={at} precision="second" />,
    },
  ];
  return (
    <ListTab
      label="WebSocket messages"
      one="message"
      empty="The page opened no WebSocket, or nothing went over it"
      columns={columns}
      pages={pages}
    />
  );
}
