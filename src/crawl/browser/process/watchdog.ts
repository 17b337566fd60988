import { setPriority } from 'node:os';
import { isAlive, isRenderer, memoryOf, processTree, type ProcessInfo } from './processes.ts';
import type { LimitName } from '../limits.ts';

/** What one renderer may take. */
export interface RendererLimits {
  readonly rendererBytes: number;
  readonly rendererCpuMs: number;
}

const INTERVAL_MS = 500;
/** A renderer that has used so much yields to the others from then on. */
const GREEDY_CPU_MS = 5_000;
const YIELDING_PRIORITY = 10;
/** How long after a kill a crash is its consequence. */
const CONSEQUENCE_MS = 2_000;

/** Watches a browser's renderers while pages are visited: slows those that keep a processor busy, ends those that take too much. */
export class Watchdog {
  readonly #pid: number;
  readonly #limits: RendererLimits;
  readonly #yielding = new Set<string>();
  readonly #roles = new Map<string, boolean>();
  #timer: NodeJS.Timeout | undefined;
  #lastKill: { readonly limit: LimitName; readonly at: number } | undefined;
  #memory = 0;

  constructor(pid: number, limits: RendererLimits) {
    this.#pid = pid;
    this.#limits = limits;
  }

  /** Memory of the whole browser when last looked at, in bytes. */
  get memoryBytes(): number {
    return this.#memory;
  }

  /** The limit for which a renderer has just been ended, if one was. */
  get justEnforced(): LimitName | undefined {
    const kill = this.#lastKill;
    return kill !== undefined && performance.now() - kill.at < CONSEQUENCE_MS ? kill.limit : undefined;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const processes = processTree(this.#pid);
    this.#memory = memoryOf(processes);
    for (const info of processes) {
      const key = `${info.pid} ${info.startedAt}`;
      const isOne = this.#roles.get(key) ?? isRenderer(info.pid);
      this.#roles.set(key, isOne);
      if (!isOne) continue;
      if (info.privateBytes > this.#limits.rendererBytes) this.#kill(info, 'rendererBytes');
      else if (info.cpuMs > this.#limits.rendererCpuMs) this.#kill(info, 'rendererCpuMs');
      else if (info.cpuMs > GREEDY_CPU_MS && !this.#yielding.has(key)) this.#slow(info, key);
    }
  }

  #slow({ pid }: ProcessInfo, key: string): void {
    this.#yielding.add(key);
    try {
      setPriority(pid, YIELDING_PRIORITY);
    } catch {
      // It has just ended.
    }
  }

  #kill(info: ProcessInfo, limit: LimitName): void {
    this.#lastKill = { limit, at: performance.now() };
    try {
      if (isAlive(info)) process.kill(info.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
}
