/** When queries run: by hand at once, by themselves at intervals, and never two at a time. */

export class Runner {
  #work;
  #events;
  #controller = null;
  #byHand = false;
  #started = -Infinity;
  #seconds = 0;
  #timer = 0;

  /**
   * `work(signal)` runs the queries; `events.start(byHand)` and `events.end(byHand)` frame it, `events.live()` tells
   * whether the interval applies just now.
   */
  constructor(work, events) {
    this.#work = work;
    this.#events = events;
    document.addEventListener('visibilitychange', () => this.#schedule());
  }

  /** Runs now. What still runs is cancelled: its answer is no longer wanted. */
  async run(byHand = true) {
    this.#controller?.abort();
    clearTimeout(this.#timer);
    const controller = new AbortController();
    this.#controller = controller;
    this.#byHand = byHand;
    this.#started = performance.now();
    this.#events.start(byHand);
    try {
      await this.#work(controller.signal);
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
    } finally {
      if (this.#controller === controller) {
        this.#controller = null;
        this.#events.end();
        this.#schedule();
      }
    }
  }

  /** Stops what runs; the picture stays as it is. */
  cancel() {
    const controller = this.#controller;
    if (!controller) return;
    this.#controller = null;
    controller.abort();
    this.#events.end();
    this.#schedule();
  }

  get running() {
    return this.#controller !== null;
  }

  get byHand() {
    return this.#byHand;
  }

  /** Refreshes every so many seconds, 0 for never. */
  every(seconds) {
    this.#seconds = seconds;
    this.#schedule();
  }

  /** The next run is timed from the start of the last one, but only once that has ended. */
  #schedule() {
    clearTimeout(this.#timer);
    if (this.#seconds === 0 || this.#controller || document.hidden || !this.#events.live()) return;
    const wait = Math.max(0, this.#seconds * 1000 - (performance.now() - this.#started));
    this.#timer = setTimeout(() => this.run(false), wait);
  }
}
