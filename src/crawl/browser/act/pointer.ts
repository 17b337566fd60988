import type { Session } from '../devtools/connection.ts';
import { pause } from './pause.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

const INPUT_MS = 1_500;

/** A hand with a mouse or a finger: moves in curves, with small pauses. Input that the page holds up is not waited for. */
export class Pointer {
  readonly #session: Session;
  readonly #hasTouch: boolean;
  readonly #signal: AbortSignal;
  #at: Point = { x: 200, y: 150 };

  constructor(session: Session, hasTouch: boolean, signal: AbortSignal) {
    this.#session = session;
    this.#hasTouch = hasTouch;
    this.#signal = signal;
  }

  async press(point: Point): Promise<void> {
    if (this.#hasTouch) return this.#tap(point);
    await this.#moveTo(point);
    await pause(between(40, 110), this.#signal);
    const button = { ...point, button: 'left', clickCount: 1 } as const;
    await this.#session.attempt('Input.dispatchMouseEvent', { type: 'mousePressed', ...button }, INPUT_MS);
    await pause(between(30, 80), this.#signal);
    await this.#session.attempt('Input.dispatchMouseEvent', { type: 'mouseReleased', ...button }, INPUT_MS);
  }

  /** One turn of the wheel, or one stroke of the finger. */
  async scroll(distance: number): Promise<void> {
    await this.#session.attempt(
      'Input.dispatchMouseEvent',
      { type: 'mouseWheel', ...this.#at, deltaX: 0, deltaY: distance },
      INPUT_MS,
    );
  }

  async #tap(point: Point): Promise<void> {
    await this.#session.attempt(
      'Input.dispatchTouchEvent',
      { type: 'touchStart', touchPoints: [point] },
      INPUT_MS,
    );
    await pause(between(40, 90), this.#signal);
    await this.#session.attempt('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] }, INPUT_MS);
    this.#at = point;
  }

  /** Along a quadratic Bézier curve with a random control point. */
  async #moveTo(point: Point): Promise<void> {
    const from = this.#at;
    const bend = {
      x: (from.x + point.x) / 2 + between(-60, 60),
      y: (from.y + point.y) / 2 + between(-40, 40),
    };
    const count = Math.round(between(6, 10));
    for (let i = 1; i <= count && !this.#signal.aborted; i++) {
      const t = i / count;
      const along = (a: number, b: number, c: number) => (1 - t) ** 2 * a + 2 * (1 - t) * t * b + t * t * c;
      const x = along(from.x, bend.x, point.x);
      const y = along(from.y, bend.y, point.y);
      await this.#session.attempt('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y }, INPUT_MS);
      await pause(between(5, 14), this.#signal);
    }
    this.#at = point;
  }
}

function between(low: number, high: number): number {
  return low + Math.random() * (high - low);
}
