/**
 * The estimate of the server's clock on simulated networks: `Protocol/playing.md#clock`.
 * @module
 */
import { ClockEstimate } from "/client/clock.js";
import { generator } from "./differential.js";

/** A server whose clock differs by an offset and runs faster, behind a network with delays. */
class Network {
  constructor(seed, { up = [20, 120], down = [20, 120], drift = 0 } = {}) {
    const random = generator(seed);
    this.between = ([least, most]) => least + random(1e6) / 1e6 * (most - least);
    Object.assign(this, { up, down, drift, offsetMs: 123_456.7, now: 5_000 });
    this.clock = new ClockEstimate();
  }

  serverMs(ms) { return ms * (1 + this.drift) + this.offsetMs; }

  probe() {
    const sentAt = this.now;
    const came = sentAt + this.between(this.up);
    const left = came + this.between([0, 2]);
    this.now = left + this.between(this.down);
    this.clock.add(
      sentAt, Math.floor(this.serverMs(came)), Math.floor(this.serverMs(left)), this.now);
  }

  probes(count, everyMs) {
    const errors = [];
    for (let index = 0; index < count; index += 1) {
      this.probe();
      this.now += everyMs;
      errors.push(this.error);
    }
    return errors;
  }

  get error() { return Math.abs(this.clock.serverTimeMs(this.now) - this.serverMs(this.now)); }
}

const p99 = (values) => values.sort((one, other) => one - other)[
  Math.floor(values.length * 0.99)];

/** How wrong it is, in milliseconds, over many seeds from one. */
export function run(first) {
  const jitter = [0, 50e-6, -50e-6].map((drift) => {
    const early = [];
    const later = [];
    for (let seed = first; seed < first + 100; seed += 1) {
      const network = new Network(seed, { drift });
      early.push(network.probes(32, 100).pop());
      later.push(...network.probes(200, 2_000));
    }
    return { drift, early: p99(early), later: p99(later) };
  });
  const unlike = new Network(first, { up: [100, 110], down: [20, 30] });
  unlike.probes(64, 100);
  const set = new Network(first, { up: [1, 3], down: [1, 3] });
  set.probes(64, 100);
  const steps = [5_000, -31_536_000_000].map((stepMs) => {
    set.offsetMs += stepMs;
    return set.probes(1, 0)[0];
  });
  return { jitter, unlike: unlike.error, unlikeMax: unlike.clock.errorMs, steps };
}
