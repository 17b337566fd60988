import { scriptReply } from '../reply.ts';
import { hostilePage, scripted, type HostilePage } from './hostile-page.ts';

const growing = (count: number) => `const add = () => {
  let html = "";
  for (let i = 0; i < ${count}; i++) html += "<p><span>node " + i + "</span></p>";
  document.body.insertAdjacentHTML("beforeend", html);
};`;

/** Pages that spend processor time and memory without end. */
export const processorPages: readonly HostilePage[] = [
  hostilePage(
    'busy-loop',
    'Loops for ever while it is still being parsed.',
    scripted('Busy', 'for (;;) {}', 'parsing'),
    {
      limit: 'loadMs',
    },
  ),
  hostilePage(
    'late-loop',
    'Loads well, and starts to loop for ever two seconds later.',
    scripted('Late', 'setTimeout(() => { for (;;) {} }, 2000);'),
    { limit: 'rendererCpuMs' },
  ),
  hostilePage(
    'slow-pattern',
    'Matches a regular expression that takes exponential time.',
    scripted('Pattern', '/^(a+)+$/.test("a".repeat(60) + "!");'),
    { limit: 'loadMs' },
  ),
  hostilePage(
    'finally-recursion',
    'Recurses in try and in finally, so that the stack overflow takes exponential time.',
    scripted('Recursion', 'const dive = () => { try { dive(); } finally { dive(); } };\ndive();'),
    { limit: 'loadMs' },
  ),
  hostilePage(
    'busy-workers',
    'Starts eight workers that loop for ever.',
    scripted('Workers', 'for (let i = 0; i < 8; i++) new Worker("/worker.js?" + i);'),
    { limit: 'rendererCpuMs', routes: { '/worker.js': scriptReply('for (;;) {}') } },
  ),
  hostilePage(
    'buffer-bomb',
    'Allocates array buffers and writes to each page of them until memory is gone.',
    scripted(
      'Buffers',
      'const kept = [];\nsetInterval(() => { const buffer = new Uint8Array(64 << 20); for (let i = 0; i < buffer.length; i += 4096) buffer[i] = 1; kept.push(buffer); }, 10);',
    ),
    { limit: 'rendererBytes', outcomes: ['ok', 'crashed'] },
  ),
  hostilePage(
    'heap-bomb',
    'Fills the script heap with objects.',
    scripted(
      'Heap',
      'const kept = [];\nfor (;;) kept.push({ text: "kept " + kept.length, list: [kept.length] });',
    ),
    { limit: 'rendererBytes', outcomes: ['ok', 'crashed'] },
  ),
  hostilePage(
    'many-nodes',
    'Builds a document of 400,000 nodes at once.',
    scripted('Many nodes', `${growing(133_000)}\nadd();`),
    { limit: 'documentLength' },
  ),
  hostilePage(
    'growing-document',
    'Adds a thousand nodes a time, for ever.',
    scripted('Growing', `${growing(330)}\nsetInterval(add, 20);`),
    { limit: 'documentLength' },
  ),
  hostilePage(
    'deep-document',
    'Nests 30,000 elements in each other.',
    scripted(
      'Deep',
      'let inner = document.body;\nfor (let i = 0; i < 30000; i++) inner = inner.appendChild(document.createElement("div"));\ninner.textContent = "the bottom";',
    ),
    { outcomes: ['ok', 'crashed'] }, // Chromium's own layout gives up on it
  ),
  hostilePage(
    'console-flood',
    'Writes to the console without pause.',
    scripted(
      'Console',
      'setInterval(() => { for (let i = 0; i < 5000; i++) console.log("flood", i, { i }); }, 10);',
    ),
    { limit: 'console' },
  ),
  hostilePage(
    'storage-flood',
    'Fills local storage and sets as many cookies as it can.',
    scripted(
      'Storage',
      'try { for (let i = 0; ; i++) localStorage.setItem("key" + i, "x".repeat(100000)); } catch {}\nfor (let i = 0; i < 500; i++) document.cookie = "c" + i + "=" + "y".repeat(3000);',
    ),
  ),
];
