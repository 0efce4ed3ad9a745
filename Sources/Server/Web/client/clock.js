/**
 * The server's clock by ours, from bounds that no delay can break. `Protocol/playing.md#clock`.
 * Pure: all times are parameters, in milliseconds; ours of a steady clock.
 * @module
 */

const probesMax = 128;
/** No quartz is worse. */
const driftMax = 200e-6;
const driftSpanMs = 60_000;
const driftProbesMin = 16;
/** Bounds that contradict each other by more mean that a clock was set. */
const stepMs = 2;

/** @typedef {{sentAt: number, receivedAt: number, lowerMs: number, upperMs: number}} Probe */

const middle = ([lower, upper]) => (lower + upper) / 2;
const mean = (probes) => probes.reduce((sum, probe) => sum + probe.receivedAt, 0) / probes.length;

const bounds = (probes, now, drift) => [
  Math.max(...probes.map(({ lowerMs, receivedAt }) => lowerMs + drift * (now - receivedAt))),
  Math.min(...probes.map(({ upperMs, sentAt }) => upperMs + drift * (now - sentAt)))];

export class ClockEstimate {
  constructor() {
    /** @type {Probe[]} */
    this.probes = [];
    this.drift = 0;
    this.measuredAt = 0;
    this.bounds = [-Infinity, Infinity];
  }

  /**
   * @param {number} sentAt our clock
   * @param {number} receivedMs the server's, whole milliseconds rounded down
   * @param {number} answeredMs the same when it answered
   * @param {number} receivedAt our clock
   */
  add(sentAt, receivedMs, answeredMs, receivedAt) {
    const probe = {
      sentAt, receivedAt, lowerMs: answeredMs - receivedAt, upperMs: receivedMs + 1 - sentAt };
    if (!(sentAt <= receivedAt && probe.lowerMs <= probe.upperMs)) return;
    if (this.probes.length) {
      const [lower, upper] = bounds(this.probes, receivedAt, this.drift);
      const slack = stepMs + driftMax * (receivedAt - this.probes[0].receivedAt);
      if (probe.lowerMs > upper + slack || probe.upperMs < lower - slack) this.probes = [];
    }
    this.probes.push(probe);
    if (this.probes.length > probesMax) this.probes.shift();
    this.drift = this.measureDrift();
    this.measuredAt = receivedAt;
    this.bounds = bounds(this.probes, receivedAt, this.drift);
  }

  /** Milliseconds per millisecond: how the offset of the newer half differs from the older's. */
  measureDrift() {
    if (this.probes.length < driftProbesMin) return 0;
    const half = this.probes.length >> 1;
    const [older, newer] = [this.probes.slice(0, half), this.probes.slice(half)];
    const [from, to] = [mean(older), mean(newer)];
    if (to - from < driftSpanMs) return 0;
    const drift = (middle(bounds(newer, to, 0)) - middle(bounds(older, from, 0))) / (to - from);
    return Math.min(Math.max(drift, -driftMax), driftMax);
  }

  /** The server's clock, with fractions, at a time of ours; undefined before the first probe. */
  serverTimeMs(now) {
    return this.probes.length
      ? now + middle(this.bounds) + this.drift * (now - this.measuredAt) : undefined;
  }

  /** How wrong that can be at most, however unlike the ways there and back are. */
  get errorMs() { return Math.max(0, (this.bounds[1] - this.bounds[0]) / 2); }
}
