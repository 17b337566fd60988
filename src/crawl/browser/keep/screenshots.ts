import type { Capture, Persona } from '#model';
import type { LimitLog } from '../limits.ts';
import type { Target } from '../record/targets.ts';
import type { Attachments } from './attachments.ts';

type Screenshot = Capture['screenshots'][number];

const SHOT_MS = 4_000;
/** For a page of which one could not be taken. */
const LAST_TRY_MS = 1_000;
const JPEG = { format: 'jpeg', quality: 75, optimizeForSpeed: true } as const;

/** Pictures of the page. One that a page keeps from being taken is missing, nothing more. */
export class Screenshots {
  readonly taken: Screenshot[] = [];
  readonly #attachments: Attachments;
  readonly #viewport: Persona['viewport'];
  readonly #limits: LimitLog;
  #failures = 0;

  constructor(attachments: Attachments, viewport: Persona['viewport'], limits: LimitLog) {
    this.#attachments = attachments;
    this.#viewport = viewport;
    this.#limits = limits;
  }

  async viewport(page: Target): Promise<void> {
    await this.#take(page, { kind: 'viewport', name: 'viewport', height: this.#viewport.height });
  }

  /** What a step left on the screen; its path. */
  step(page: Target, step: number): Promise<string | undefined> {
    return this.#take(page, { kind: 'step', name: `step-${step}`, height: this.#viewport.height, step });
  }

  async fullPage(page: Target): Promise<void> {
    const metrics = await page.session.attempt('Page.getLayoutMetrics', undefined, SHOT_MS);
    const whole = Math.ceil(metrics?.cssContentSize.height ?? 0);
    if (whole <= this.#viewport.height) return;
    const most = this.#limits.limits.screenshotHeight;
    if (whole > most) this.#limits.reach('screenshotHeight', `the page is ${whole} pixels high`);
    await this.#take(page, { kind: 'fullPage', name: 'full-page', height: Math.min(whole, most) });
  }

  async #take(
    page: Target,
    { kind, name, height, step }: { kind: Screenshot['kind']; name: string; height: number; step?: number },
  ): Promise<string | undefined> {
    // A page that was stopped early never paints: after two failures it is given up.
    if (this.#failures >= 2 || page.isGone) return undefined;
    const { width } = this.#viewport;
    const answer = await page.session.attempt(
      'Page.captureScreenshot',
      {
        ...JPEG,
        ...(kind === 'fullPage' && {
          captureBeyondViewport: true,
          clip: { x: 0, y: 0, width, height, scale: 1 },
        }),
      },
      this.#failures === 0 ? SHOT_MS : LAST_TRY_MS,
    );
    if (answer === undefined) {
      this.#failures++;
      return undefined;
    }
    const path = this.#attachments.add(`screenshots/${name}.jpg`, Buffer.from(answer.data, 'base64'));
    this.taken.push({
      kind,
      path,
      width,
      height,
      at: new Date().toISOString(),
      ...(step !== undefined && { step }),
    });
    return path;
  }
}
