import { htmlReply } from '../reply.ts';
import { hostilePage, scripted, type HostilePage } from './hostile-page.ts';

/** Pages that hold the visitor with dialogs, windows and prompts. */
export const dialogPages: readonly HostilePage[] = [
  hostilePage(
    'alert-loop',
    'Shows one alert after another, for ever.',
    scripted('Alerts', 'for (;;) alert("you have won");'),
    {
      limit: 'dialogs',
    },
  ),
  hostilePage(
    'confirm-loop',
    'Asks to confirm and prompts for text until the answer suits it, which never happens.',
    scripted('Questions', 'while (confirm("really?") !== prompt("say yes")) {}'),
    { limit: 'dialogs' },
  ),
  hostilePage(
    'beforeunload-trap',
    'Asks whether one really wants to leave, and tries to leave all the time.',
    scripted(
      'Stay',
      'addEventListener("beforeunload", (event) => { event.preventDefault(); event.returnValue = "stay"; });\nsetInterval(() => { location.href = "/?" + Math.random(); }, 50);',
    ),
    { limit: 'navigations' },
  ),
  hostilePage(
    'print-loop',
    'Opens the print dialog again and again.',
    scripted('Print', 'for (let i = 0; i < 1e6; i++) print();'),
    {
      limit: 'loadMs',
    },
  ),
  hostilePage(
    'thousand-popups',
    'Opens a thousand windows on load, and a thousand more on each click.',
    scripted(
      'Popups',
      'const flood = () => { for (let i = 0; i < 1000; i++) open("/popup?" + i, "_blank", "width=99,height=99"); };\nflood();\naddEventListener("click", flood);',
    ),
    { limit: 'popups', routes: { '/popup': htmlReply('<p>popup') } },
  ),
  hostilePage(
    'popups-open-popups',
    'A button whose popup opens two more of itself, and so on.',
    scripted('Popups of popups', 'window.go = () => open("/popup");').replace(
      '</body>',
      '<button onclick="go()">Download</button></body>',
    ),
    {
      limit: 'popups',
      routes: {
        '/popup': htmlReply(
          '<script>open("/popup?" + Math.random()); open("/popup?" + Math.random());</script>',
        ),
      },
    },
  ),
  hostilePage(
    'system-handlers',
    'Calls mail, telephone and program handlers, opens a file chooser, asks for every permission and for the full screen.',
    scripted(
      'Handlers',
      `const schemes = ["mailto:someone@example.org", "tel:+1", "intent://x#Intent;scheme=market;end", "ms-msdt:/id", "steam://run/1"];
schemes.forEach((address, turn) => setTimeout(() => { location.href = address; }, turn * 50));
const chooser = document.createElement("input");
chooser.type = "file";
chooser.click();
Notification.requestPermission();
navigator.geolocation.getCurrentPosition(() => {}, () => {});
navigator.mediaDevices.getUserMedia({ audio: true, video: true }).catch(() => {});
navigator.requestMIDIAccess({ sysex: true }).catch(() => {});
navigator.clipboard.readText().catch(() => {});
const grab = () => { document.documentElement.requestFullscreen().catch(() => {}); document.body.requestPointerLock(); navigator.keyboard?.lock(); };
grab();
addEventListener("click", grab);`,
    ),
    {},
  ),
  hostilePage(
    'password-prompt',
    'Answers 401 and wants a name and a password, for the page and for everything in it.',
    () => ({
      ...htmlReply('<h1>Who are you?</h1><img src="/private.png" alt="">'),
      status: 401,
      headers: { 'content-type': 'text/html', 'www-authenticate': 'Basic realm="Members only"' },
    }),
    {
      outcomes: ['httpError'],
      routes: {
        '*': { status: 401, headers: { 'www-authenticate': 'Basic realm="Members only"' }, body: 'no' },
      },
    },
  ),
  hostilePage(
    'debugger-loop',
    'Stops in the debugger a hundred times a second, as pages do that do not want to be read.',
    scripted('Debugger', 'setInterval(() => { debugger; }, 10);'),
  ),
];
