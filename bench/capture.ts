import type { BenchResult } from './run.ts';
import { measureCapture, measurePlaywright, type Fidelity } from './fidelity.ts';
import { measureThroughput, type Lane } from './throughput.ts';

/** Fidelity on the hard page, and throughput on an ordinary one, each beside its peer in the same run. */
export async function benchCapture(): Promise<BenchResult> {
  const own = await measureCapture();
  const playwright = await measurePlaywright();
  const { bare, capture, withPlan, fixedWaitPerMinute } = await measureThroughput();
  const figures = {
    requestsSeen: own.seen / own.requests,
    bodiesRight: own.right / own.bodies,
    causesRight: own.rightCauses / own.causes,
    capturesPerMinute: capture.perMinute,
    cpuRatioToBareLoad: capture.cpuSeconds / bare.cpuSeconds,
    p50Seconds: capture.p50Seconds,
    p50SecondsWithPlan: withPlan.p50Seconds,
    memoryPerCaptureMb: capture.memoryMb,
    playwrightRequestsSeen: playwright.seen / playwright.requests,
    playwrightBodiesRight: playwright.right / playwright.bodies,
    bareLoadsPerMinute: bare.perMinute,
    fixedWaitPerMinute,
  };
  const text = [
    'Hard page, against the servers’ log',
    fidelityRow('virtual user', own),
    fidelityRow('playwright-core, response.body()', playwright),
    ...own.misses.map((miss) => `  virtual user: ${miss}`),
    '',
    'Ordinary page of 30 resources, 3 at a time',
    laneRow('bare Playwright, nothing recorded', bare),
    laneRow('capture, bundle, observations', capture),
    laneRow('the same with interaction plan', withPlan),
    `a recorder with fixed waits of 26 s, on paper     ${fixedWaitPerMinute.toFixed(1)}/min`,
    `CPU of a capture to that of a bare load           ${figures.cpuRatioToBareLoad.toFixed(2)}`,
  ];
  return { figures, text: text.join('\n') };
}

function fidelityRow(name: string, { seen, requests, right, bodies, rightCauses, causes }: Fidelity): string {
  const named = causes === 0 ? '' : `, ${rightCauses}/${causes} causes right`;
  return `${name.padEnd(34)} ${seen}/${requests} requests, ${right}/${bodies} bodies right${named}`;
}

function laneRow(name: string, { perMinute, cpuSeconds, p50Seconds, memoryMb }: Lane): string {
  return `${name.padEnd(34)} ${perMinute.toFixed(0).padStart(4)}/min  ${cpuSeconds.toFixed(2)} CPU-s  p50 ${p50Seconds.toFixed(2)} s  ${memoryMb.toFixed(0)} MB each`;
}
