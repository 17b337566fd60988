import { useState, type ReactNode } from 'react';
import { href } from '../../app/screens.ts';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Choices } from '../../design/controls.tsx';
import { Drawer } from '../../design/drawer.tsx';
import { Fault, Wait } from '../../design/states.tsx';
import { CodeLine } from '../../value/code-line.tsx';
import { durationWords, sizeWords } from '../../value/size.ts';
import { Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { PlaceLink } from './place-link.tsx';
import styles from './capture.module.css';

type Exchange = Reply<'getExchange'>;

/** One exchange with everything that is known of it. */
export function ExchangeDrawer(props: {
  readonly captureId: string;
  readonly exchange: number;
  readonly onClose: () => void;
}): ReactNode {
  const { captureId, exchange, onClose } = props;
  const detail = useApi('getExchange', { params: { id: captureId, exchange } });
  return (
    <Drawer title={`Request ${exchange}`} onClose={onClose}>
      {detail.error !== null && <Fault error={detail.error} />}
      {detail.data === undefined && detail.error === null && <Wait />}
      {detail.data !== undefined && <Detail captureId={captureId} exchange={detail.data} />}
    </Drawer>
  );
}

function Detail({
  captureId,
  exchange,
}: {
  readonly captureId: string;
  readonly exchange: Exchange;
}): ReactNode {
  const [side, setSide] = useState<'response' | 'request'>('response');
  const headers = side === 'response' ? exchange.responseHeaders : exchange.requestHeaders;
  return (
    <>
      <div>
        <p>
          <strong>
            <Inert text={exchange.method} clamp={20} /> {exchange.status ?? 'no answer'}
          </strong>{' '}
          {exchange.statusText !== undefined && <Inert text={exchange.statusText} clamp={60} />}
        </p>
        <p className={styles.wrapped}>
          <Value type="url" value={exchange.url} />
        </p>
        {exchange.failure !== undefined && (
          <p className={styles.bad}>
            <Inert text={exchange.failure} />
          </p>
        )}
      </div>
      <Why captureId={captureId} exchange={exchange} />
      <Body captureId={captureId} exchange={exchange} />
      <div>
        <Choices
          label="Headers of"
          showLabel={false}
          choices={[
            { id: 'response', name: `Response headers (${exchange.responseHeaders.length})` },
            { id: 'request', name: `Request headers (${exchange.requestHeaders.length})` },
          ]}
          value={side}
          onChange={setSide}
        />
        <dl className={styles.headers}>
          {headers.map(({ name, value, isCut }, index) => (
            <div key={index}>
              <dt>
                <Inert text={name} clamp={80} />
              </dt>
              <dd>
                <Inert text={value} />
                {isCut && <span className="soft"> … cut</span>}
              </dd>
            </div>
          ))}
          {headers.length === 0 && <p className="soft">There are none.</p>}
        </dl>
        {side === 'request' && exchange.requestText !== undefined && (
          <CodeLine text={exchange.requestText.text} />
        )}
      </div>
      <Way exchange={exchange} />
    </>
  );
}

function Why({
  captureId,
  exchange,
}: {
  readonly captureId: string;
  readonly exchange: Exchange;
}): ReactNode {
  const { cause, parentUrl, place, initiator, redirectedFrom, caused } = exchange;
  const toExchange = (id: number): string =>
    href('capture', { id: captureId }, { tab: 'requests', exchange: id });
  return (
    <section>
      <h3>Why it was made</h3>
      <dl className={styles.facts}>
        <div>
          <dt>Cause</dt>
          <dd>
            {cause ?? (exchange.id === 0 ? 'the visit began with it' : 'not known')}
            {place !== undefined && (
              <>
                {' '}
                · <PlaceLink captureId={captureId} place={place} />
              </>
            )}
          </dd>
        </div>
        {parentUrl !== undefined && (
          <div>
            <dt>By</dt>
            <dd className={styles.wrapped}>
              <Value type="url" value={parentUrl} />
            </dd>
          </div>
        )}
        {redirectedFrom !== undefined && (
          <div>
            <dt>Redirected from</dt>
            <dd>
              <a href={toExchange(redirectedFrom)}>request {redirectedFrom}</a>
            </dd>
          </div>
        )}
        {caused.length > 0 && (
          <div>
            <dt>Redirects to</dt>
            <dd>
              {caused.map((id) => (
                <a key={id} href={toExchange(id)}>
                  request {id}
                </a>
              ))}
            </dd>
          </div>
        )}
        {exchange.step !== undefined && (
          <div>
            <dt>Step</dt>
            <dd>{exchange.step}</dd>
          </div>
        )}
      </dl>
      {initiator !== undefined && initiator.stack.length > 0 && (
        <ol className={styles.stack} aria-label="Functions that asked for it, innermost first">
          {initiator.stack.map((frame, index) => (
            <li key={index}>
              <Inert text={frame.functionName === '' ? '(anonymous)' : frame.functionName} clamp={80} />{' '}
              <span className="soft">
                <Inert text={frame.url} clamp={70} />
              </span>{' '}
              {frame.place !== undefined ? (
                <PlaceLink captureId={captureId} place={frame.place} />
              ) : (
                `${frame.line}:${frame.column}`
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

const ABSENCE: Readonly<Record<string, string>> = {
  noneByProtocol: 'None: a response of this kind has no body.',
  empty: 'Empty.',
  cached: 'From the browser’s cache: no bytes went over the wire.',
  notDecrypted: 'It could not be decrypted.',
  failed: 'It did not arrive.',
  limit: 'It lies beyond a limit of the visit.',
};

function Body({
  captureId,
  exchange,
}: {
  readonly captureId: string;
  readonly exchange: Exchange;
}): ReactNode {
  if (exchange.sizeBytes === undefined)
    return (
      <section>
        <h3>Body</h3>
        <p className="soft">{ABSENCE[exchange.bodyAbsence ?? ''] ?? 'There is none.'}</p>
      </section>
    );
  return (
    <section>
      <h3>
        Body{' '}
        {exchange.isText && (
          <PlaceLink captureId={captureId} place={{ text: `exchange:${exchange.id}`, line: 1 }}>
            read as text
          </PlaceLink>
        )}
      </h3>
      <dl className={styles.facts}>
        <div>
          <dt>Size</dt>
          <dd>
            {sizeWords(exchange.sizeBytes)}
            {exchange.encodedSizeBytes !== undefined &&
              exchange.encodedSizeBytes !== exchange.sizeBytes &&
              ` (${sizeWords(exchange.encodedSizeBytes)} as received)`}
            {exchange.truncated !== undefined && (
              <span className={styles.bad}> cut: {exchange.truncated}</span>
            )}
          </dd>
        </div>
        <div>
          <dt>Type</dt>
          <dd>
            <Inert text={exchange.mediaType ?? 'not said'} />
            {exchange.magic !== undefined && exchange.magic !== exchange.mediaType && (
              <>
                {' '}
                · by its bytes <Inert text={exchange.magic} />
              </>
            )}
          </dd>
        </div>
        {(['sha256', 'sha1', 'md5'] as const).map((digest) => {
          const value = exchange[digest];
          return (
            value !== undefined && (
              <div key={digest}>
                <dt>{digest === 'sha256' ? 'SHA-256' : digest === 'sha1' ? 'SHA-1' : 'MD5'}</dt>
                <dd className={styles.wrapped}>
                  {digest === 'sha256' ? <Value type="hash" value={value} /> : <Inert text={value} />}
                </dd>
              </div>
            )
          );
        })}
      </dl>
    </section>
  );
}

/** Connection, TLS and timings. */
function Way({ exchange }: { readonly exchange: Exchange }): ReactNode {
  const { tls, timings = {}, chain } = exchange;
  return (
    <section>
      <h3>How it went</h3>
      <dl className={styles.facts}>
        <div>
          <dt>Began</dt>
          <dd>
            <Time at={exchange.startedAt} precision="second" /> (+{durationWords(exchange.offsetMs)})
          </dd>
        </div>
        {exchange.address !== undefined && (
          <div>
            <dt>Address</dt>
            <dd>
              <Value type="ip" value={exchange.address} /> port {exchange.port}
            </dd>
          </div>
        )}
        <div>
          <dt>Protocol</dt>
          <dd>
            {exchange.protocol ?? 'not known'}
            {exchange.source === 'devtools' && ' · as DevTools tells it, not decrypted'}
            {exchange.servedBy !== undefined && exchange.servedBy !== 'network' && ` · ${exchange.servedBy}`}
          </dd>
        </div>
        {tls !== undefined && (
          <div>
            <dt>TLS</dt>
            <dd>
              {tls.version}, {tls.cipherSuite}
              {tls.isResumed && ', resumed'}
              {tls.distrust !== undefined && (
                <span className={styles.bad}>
                  {' '}
                  not to be trusted: <Inert text={tls.distrust} />
                </span>
              )}
            </dd>
          </div>
        )}
        {chain.length > 0 && (
          <div>
            <dt>Certificates</dt>
            <dd className={styles.wrapped}>
              {chain.map((sha256) => (
                <div key={sha256}>
                  <Value type="certificate" value={sha256} />
                </div>
              ))}
            </dd>
          </div>
        )}
        {Object.entries(timings).map(([name, ms]) => (
          <div key={name}>
            <dt>{TIMINGS[name] ?? name}</dt>
            <dd>{durationWords(ms)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const TIMINGS: Readonly<Record<string, string>> = {
  dnsMs: 'Name look-up',
  connectMs: 'Connection',
  tlsMs: 'TLS handshake',
  waitMs: 'Until first byte',
  receiveMs: 'Body',
};
