/**
 * How far the server's clock is from ours, from exchanges with four timestamps (RFC 5905 §8).
 * Pure: all times are parameters, in milliseconds; ours of a monotonic clock.
 * @module
 */

/** The exchange with the shortest round trip of each so long a time is kept. */
const spanMs = 30_000;
const spansMax = 20;
/** A slope over a shorter time would be made of the jitter of the exchanges. */
const driftBaselineMs = 120_000;
/** Quartz is better than this by far; what is more is not drift. */
const driftMax = 500e-6;
/** Beyond what the round trips allow: then a clock was set, or a computer slept. */
const stepMs = 20;

/** @typedef {{atMs: number, offsetMs: number, roundTripMs: number}} Sample */

export class ClockEstimate {
  constructor() {
    /** The best of each span, oldest first. @type {Sample[]} */
    this.samples = [];
    this.drift = 0;
  }

  /**
   * @param {number} sentMs our clock
   * @param {number} serverReceivedMs the server's, since 1970
   * @param {number} serverSentMs the server's
   * @param {number} receivedMs our clock
   */
  add(sentMs, serverReceivedMs, serverSentMs, receivedMs) {
    const roundTripMs = Math.max(0, receivedMs - sentMs - (serverSentMs - serverReceivedMs));
    const offsetMs = (serverReceivedMs - sentMs + serverSentMs - receivedMs) / 2;
    if (![roundTripMs, offsetMs].every(Number.isFinite)) return;
    const sample = { atMs: (sentMs + receivedMs) / 2, offsetMs, roundTripMs };
    const last = this.best;
    if (last && Math.abs(this.offsetAt(sample.atMs) - offsetMs)
      > (roundTripMs + last.roundTripMs) / 2 + stepMs) {
      this.samples = [];
      this.drift = 0;
    }
    const newest = this.samples[this.samples.length - 1];
    if (!newest || Math.floor(newest.atMs / spanMs) !== Math.floor(sample.atMs / spanMs)) {
      this.samples.push(sample);
      if (this.samples.length > spansMax) this.samples.shift();
    } else if (roundTripMs <= newest.roundTripMs) {
      this.samples[this.samples.length - 1] = sample;
    }
    this.fit();
  }

  /** A line through the samples, the short round trips counting most. */
  fit() {
    const first = this.samples[0];
    const newest = this.samples[this.samples.length - 1];
    if (newest.atMs - first.atMs < driftBaselineMs) return;
    let [weights, times, offsets, products, squares] = [0, 0, 0, 0, 0];
    for (const { atMs, offsetMs, roundTripMs } of this.samples) {
      const weight = 1 / (1 + roundTripMs) ** 2;
      const [time, offset] = [atMs - first.atMs, offsetMs - first.offsetMs];
      weights += weight;
      times += weight * time;
      offsets += weight * offset;
      products += weight * time * offset;
      squares += weight * time * time;
    }
    const spread = squares - times ** 2 / weights;
    const slope = spread > 0 ? (products - times * offsets / weights) / spread : 0;
    this.drift = Math.min(Math.max(slope, -driftMax), driftMax);
  }

  /** The lowest round trip of the last spans. */
  get best() {
    return this.samples.slice(-3).reduce(
      (best, sample) => !best || sample.roundTripMs <= best.roundTripMs ? sample : best, null);
  }

  offsetAt(nowMs) {
    const { best } = this;
    return best ? best.offsetMs + this.drift * (nowMs - best.atMs) : NaN;
  }

  /** The server's clock at a time of ours; undefined before the first exchange. */
  serverTimeMs(nowMs) {
    return this.samples.length ? nowMs + this.offsetAt(nowMs) : undefined;
  }

  /** How wrong it can be: half the round trip that it rests on. */
  get errorMs() { return this.best ? this.best.roundTripMs / 2 : Infinity; }
}
