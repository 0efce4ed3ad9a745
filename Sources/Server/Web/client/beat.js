/**
 * Which step of a room sounds when. `Protocol/playing.md#beat`.
 * @module
 */

export const partsPerStep = 60_000;
const stepsPerCount = { Salsa: 2, Merengue: 4 };

/** @typedef {{fromMs: number, step: number, part: number, flavor: string, bpm: number}} Segment */
/** @typedef {{segments: Segment[], endStep?: number, solo?: string[], lead?: object}} Playing */

const start = ({ step, part }) => partsPerStep * step + part;
const speed = ({ flavor, bpm }) => bpm * stepsPerCount[flavor];

/**
 * The position at a time of the server's clock, in parts; null where nothing sounds.
 * @param {Playing | null | undefined} playing @param {number} ms
 */
export function partsAt(playing, ms) {
  const segment = playing?.segments.filter(({ fromMs }) => fromMs <= ms).pop();
  if (!segment) return null;
  const parts = start(segment) + (ms - segment.fromMs) * speed(segment);
  return parts >= (playing.endStep ?? Infinity) * partsPerStep ? null : parts;
}

/**
 * The steps that begin from one time of the server's clock until before another.
 * @param {Playing | null | undefined} playing
 * @returns {{step: number, ms: number, flavor: string, stepMs: number}[]}
 */
export function stepsBetween(playing, fromMs, untilMs) {
  const steps = [];
  for (const [index, segment] of (playing?.segments ?? []).entries()) {
    const last = Math.min(untilMs, playing.segments[index + 1]?.fromMs ?? Infinity);
    const first = Math.max(fromMs, segment.fromMs);
    const at = (step) => segment.fromMs + (partsPerStep * step - start(segment)) / speed(segment);
    let step = Math.ceil((start(segment) + (first - segment.fromMs) * speed(segment))
      / partsPerStep);
    while (at(step) < last && step < (playing.endStep ?? Infinity)) {
      steps.push({
        step, ms: at(step), flavor: segment.flavor, stepMs: partsPerStep / speed(segment) });
      step += 1;
    }
  }
  return steps;
}
