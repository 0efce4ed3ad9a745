/**
 * What the tests of pages do with a real server: `window.live`.
 * @module
 */

/** What the server gives, stripped of comments and from another origin. */
let canonical;
let partsAt;
let partsPerStep;

/** At such instants, of the clock of the machine that all pages share, the beat is noted. */
const instantMs = 20;

/** Resolves when `condition` holds after one of the events, or now. */
export function when(target, types, condition, seconds = 15) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`not within ${seconds} s: ${condition}`)), seconds * 1_000);
    const look = () => {
      if (!condition()) return;
      clearTimeout(timer);
      for (const type of types) target.removeEventListener(type, look);
      resolve();
    };
    for (const type of types) target.addEventListener(type, look);
    look();
  });
}

export async function start({ server, token = null, room, stamps }) {
  const { SalsaClient, uuid } = await import(`${server}/client.js`);
  ({ canonical } = await import(`${server}/client/json.js`));
  ({ partsAt, partsPerStep } = await import(`${server}/client/beat.js`));
  const client = new SalsaClient({ server, token }).connect();
  const live = client.join(room, { stamps });
  const refused = [];
  live.addEventListener("refused", ({ detail }) => refused.push({ ...detail }));
  await live.joined;
  globalThis.live = { client, room: live, refused, when, saved, until, state, uuid, beats };
  return state();
}

export function state() {
  const { client, room } = globalThis.live;
  return {
    document: canonical(room.document), confirmed: canonical(room.confirmed),
    pending: room.pendingCount, isLive: room.isLive, role: room.role, connection: client.state,
    number: room.replica.cursor?.number };
}

/** Until everything that was made here is on the server's disk. */
export const saved = () => when(
  globalThis.live.room, ["pending"],
  () => globalThis.live.room.isLive && globalThis.live.room.pendingCount === 0);

/** Until a number was applied. */
export const until = (number) => when(
  globalThis.live.room, ["change"], () => globalThis.live.room.replica.cursor.number >= number);

/** Which step, with fractions, this page would sound at each instant of the next seconds. */
export function beats(seconds) {
  const { client, room } = globalThis.live;
  const noted = [];
  const at = (ms) => {
    const parts = partsAt(room.playing, client.clock.serverTimeMs(ms - performance.timeOrigin));
    return parts === null ? null : parts / partsPerStep;
  };
  const now = () => performance.timeOrigin + performance.now();
  let next = Math.ceil(now() / instantMs) * instantMs;
  return new Promise((resolve) => {
    const untilMs = next + seconds * 1_000;
    const timer = setInterval(() => {
      for (; next <= now(); next += instantMs) noted.push([next, at(next)]);
      if (next <= untilMs) return;
      clearInterval(timer);
      resolve(noted);
    }, instantMs);
  });
}
