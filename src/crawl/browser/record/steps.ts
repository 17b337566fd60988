import type { Step } from '#model';

/** A step while and after it happens; what it caused is known when the visit is over. */
export interface LoggedStep {
  readonly id: number;
  readonly kind: Step['kind'];
  readonly startedMs: number;
  endedMs: number;
  readonly control: Step['control'];
  readonly url: string | undefined;
  navigatedTo: string | undefined;
  screenshot: string | undefined;
}

/** What the virtual user does, one thing after the other: whatever happens meanwhile is put down to it. */
export class StepLog {
  readonly steps: LoggedStep[] = [];

  /** The step under way, or the last one. */
  get current(): number | undefined {
    return this.steps.at(-1)?.id;
  }

  begin(
    kind: Step['kind'],
    given: { readonly control?: Step['control']; readonly url?: string } = {},
  ): LoggedStep {
    const now = Date.now();
    const before = this.steps.at(-1);
    if (before !== undefined && before.endedMs === 0) before.endedMs = now;
    const step: LoggedStep = {
      id: this.steps.length,
      kind,
      startedMs: now,
      endedMs: 0,
      control: given.control,
      url: given.url,
      navigatedTo: undefined,
      screenshot: undefined,
    };
    this.steps.push(step);
    return step;
  }

  end(step: LoggedStep): void {
    if (step.endedMs === 0) step.endedMs = Date.now();
  }

  /** The step that was under way at an instant (milliseconds since the epoch). */
  at(ms: number): number | undefined {
    return this.steps.findLast(({ startedMs }) => startedMs <= ms)?.id ?? this.steps[0]?.id;
  }
}
