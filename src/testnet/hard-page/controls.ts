import { inertExecutable, noise, png } from '../asset.ts';
import { fileReply, htmlReply, pngReply, redirectReply, scriptReply, textReply } from '../reply.ts';
import { expectCause, HOME, type Fragment } from './fragment.ts';

const POPUP = 'popup.example';
const DOWNLOADS = 'downloads.example';
const FILES = 'files.example';

/** What happens only when someone presses a control: downloads of each kind, and popups, one of them closed after 60 ms. */
export const controls: Fragment = {
  body: `
<p><a id="attachment" href="/files/archive.bin">Download archive</a>
<a id="named-download" download="notes.txt" href="/files/notes.txt" onclick="openBriefly()">Download notes</a>
<button id="blob-download" onclick="saveBlob()">Download as text</button>
<button id="redirected-download" onclick="getSetup()">Download now</button>
<button id="popup" onclick="window.open('https://${POPUP}/page.html', '_blank', 'width=300,height=300')">Continue</button></p>`,
  script: `
window.openBriefly = () => { const opened = window.open("https://${POPUP}/brief.html"); setTimeout(() => opened?.close(), 60); };
window.saveBlob = () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["text that never crossed the network"], { type: "text/plain" }));
  link.download = "made-here.txt";
  link.click();
};
window.getSetup = () => { location.href = "https://${DOWNLOADS}/get?what=setup"; };`,
  sites: [
    {
      host: HOME,
      routes: {
        '/files/archive.bin': attachment('archive.bin', noise(500_000, 90)),
        '/files/notes.txt': textReply('plain text that a link turns into a download'),
      },
    },
    { host: DOWNLOADS, routes: { '/get': redirectReply(302, `https://${FILES}/setup.exe`) } },
    { host: FILES, routes: { '/setup.exe': attachment('setup.exe', inertExecutable(91, 1_500_000)) } },
    {
      host: POPUP,
      routes: {
        '/page.html': htmlReply(
          '<title>Popup</title><script src="/page.js"></script><img src="/page.png" alt="">',
        ),
        '/page.js': scriptReply('console.log("in a popup"); alert("a dialog in a popup");'),
        '/page.png': pngReply(png(92)),
        '/brief.html': htmlReply('<title>Brief</title><img src="/brief.png" alt="">'),
        '/brief.png': pngReply(png(93)),
      },
    },
  ],
  expected: [
    ...expectCause('download', HOME, ['/files/archive.bin', '/files/notes.txt'], { when: 'click' }),
    ...expectCause('click', HOME, [`https://${DOWNLOADS}/get?what=setup`], { when: 'click' }),
    ...expectCause('topLevelRedirect', DOWNLOADS, [`https://${FILES}/setup.exe`], { when: 'click' }),
    ...expectCause('window.open', HOME, [`https://${POPUP}/page.html`], { when: 'click' }),
    ...expectCause('script.src', POPUP, [`https://${POPUP}/page.js`], { when: 'click' }),
    ...expectCause('img.src', POPUP, [`https://${POPUP}/page.png`], { when: 'click' }),
    ...expectCause('window.open', HOME, [`https://${POPUP}/brief.html`], { when: 'click', isOptional: true }),
    ...expectCause('link.href', POPUP, [`https://${POPUP}/favicon.ico`], { when: 'click', isOptional: true }),
    ...expectCause('img.src', POPUP, [`https://${POPUP}/brief.png`], { when: 'click', isOptional: true }),
  ],
};

/** Ids of the controls, in the order of the page. */
export const CONTROL_IDS = [
  'attachment',
  'named-download',
  'blob-download',
  'redirected-download',
  'popup',
] as const;

function attachment(name: string, file: Uint8Array) {
  return fileReply('application/octet-stream', file, {
    headers: { 'content-disposition': `attachment; filename="${name}"` },
  });
}
