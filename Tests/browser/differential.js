/**
 * Random schedules: several of client.js's replicas on a network that delays, drops and repeats,
 * against the model of a server. `run(seed)` gives what differed.
 * @module
 */
import { canonical } from "/client/json.js";
import { instrumentPointer, instrumentsOf, flavors, readPath, ruleFor } from "/client/fields.js";
import { view } from "/client/merge.js";
import { PatternReplica } from "/client/room.js";
import { ModelRoom, patchSince } from "./model.js";

const room = "0198c5f0-0000-7000-8000-000000000001";

/** mulberry32: the seed says all. */
export function generator(seed) {
  let state = seed >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) % count;
  };
}

function randomContent(random) {
  const pick = (values) => values[random(values.length)];
  const flavor = pick(flavors);
  const instrument = () => instrumentPointer(flavor, pick(instrumentsOf(flavor).slice(0, 4)));
  const value = (pointer) => {
    const { kind, min, max } = ruleFor(readPath(pointer));
    switch (kind) {
      // Now and then one that is refused.
      case "integer": return min - 1 + random(Math.min(max - min, 20) + 3);
      case "hundredths": return (random(1_010) - 2) / 1_000;
      case "bool": return random(2) === 1;
      case "flavor": return pick([...flavors, "Bachata"]);
      case "text": return pick(["Son", "", "a\u0007b", "Guaguancó \ud83e\udd41", "\ud800"]);
      default: return pick(["text", 0.25, true, null]);
    }
  };
  const set = {};
  for (let count = random(4); count > 0; count -= 1) {
    const pointer = pick([
      () => `/${pick(["title", "description", "flavor", "language", "constructor"])}`,
      () => `/machines/${flavor}/${pick(["bpm", "keyNote", "claveDirection"])}`,
      () => `${instrument()}/${pick(["enabled", "activeProgram", "solo"])}`,
      () => `${instrument()}/${pick(["volume", "pitchOffset"])}`,
    ])();
    set[pointer] = value(pointer);
  }
  return {
    set, add: random(4) ? [] : [instrument()], remove: random(5) ? [] : [instrument()] };
}

/** One client, its replica, and the two directions of its network. */
class Place {
  constructor(name, server, random, check) {
    Object.assign(this, { name, server, random, check });
    this.replica = new PatternReplica(room, { stamps: name % 2 === 0 });
    this.outcomes = new Map();
    this.disconnect();
  }

  disconnect() {
    this.replica.disconnected();
    this.up = [];
    this.down = [];
    this.isConnected = false;
    this.sentThrough = 0;
    this.retryFrom = null;
  }

  connect() {
    this.isConnected = true;
    this.up.push(["join", this.replica.joinRequest()]);
  }

  edit(nowMs) {
    const content = randomContent(this.random);
    const ticket = this.replica.edit(content, nowMs);
    this.outcomes.set(ticket, null);
  }

  note() {
    for (const { type, ticket, error } of this.replica.takeChanges()) {
      if (type !== "settled" && type !== "refused") continue;
      this.check(`${this.name}: edit ${ticket} has one outcome`, this.outcomes.get(ticket), null);
      this.outcomes.set(ticket, type === "settled" ? "settled" : error.code);
    }
    const mismatch = this.replica.takeMismatch();
    this.check(`${this.name}: the hash is the server's`, mismatch, null);
    const { state, confirmed } = this.replica;
    if (state) this.check(`${this.name}: a full replica shows the same`, view(state), confirmed);
  }

  flush(nowMs) {
    for (const params of this.replica.takeRequests(nowMs)) this.up.push(["edit", params]);
    if (this.replica.needsJoin) this.up.push(["join", this.replica.joinRequest()]);
  }
}

class Server {
  constructor(random) {
    this.random = random;
    this.epoch = 1_790_000_000_000;
    this.issued = 0;
    const state = { number: 0, fields: {}, instruments: {} };
    this.model = new ModelRoom({ epoch: this.epoch, state });
    this.holders = new Map();
  }

  take(place, [kind, params], nowMs) {
    if (kind === "join") this.join(place, params);
    else this.edit(place, params, nowMs);
  }

  join(place, { cursor, replica, confirmed = 0, stamps }) {
    const given = this.model.join(cursor);
    const known = this.model.replicas.get(replica);
    const isKnown = known && (!cursor || given.recovered || this.model.epoch === cursor.epoch);
    if (!isKnown) this.issued += 1;
    const id = isKnown ? replica : this.issued.toString(16).padStart(16, "0");
    const through = isKnown ? known.lastSeq : 0;
    const refused = isKnown
      ? [...known.verdicts.values()].filter(({ seq }) => seq > confirmed) : [];
    if (!isKnown) this.model.replica(id);
    place.id = id;
    place.sentThrough = this.model.state.number;
    const isWhole = !given.recovered;
    place.down.push(["joined", {
      ...given, role: "editor", member: place.name, members: [], count: 0,
      replica: { id, through, refused, renumber: replica !== undefined && !isKnown },
      ...(stamps && { state: isWhole ? this.model.state : this.stateSince(cursor.number) }) }]);
  }

  stateSince(number) {
    const { state } = this.model;
    const late = Object.entries(state.fields).filter(([, register]) => register[4] > number);
    return { ...state, fields: Object.fromEntries(late) };
  }

  edit(place, params, nowMs) {
    if (params.replica !== place.id) return;
    const isBusy = params.seq > this.model.replica(place.id).lastSeq && this.random(30) === 0;
    const answer = isBusy ? { retry: "rate" }
      : this.model.edit(params, nowMs, place.sentThrough);
    if (answer.retry) {
      const from = this.model.replica(place.id).lastSeq + 1;
      // Later edits that were in flight are covered by the same word.
      if (place.retryFrom === from && params.seq !== from) return;
      place.retryFrom = from;
      this.settle(place, { from, code: answer.retry, retryAfterMs: this.random(20) });
    } else {
      place.retryFrom = null;
      place.owed = true;
    }
  }

  settle(place, retry) {
    this.tell(place);
    const { lastSeq, verdicts } = this.model.replica(place.id);
    place.down.push(["event", {
      s: `room:${room}`, t: "settled",
      d: { replica: place.id, through: lastSeq, refused: [...verdicts.values()],
        ...(retry && { retry }) } }]);
    place.owed = false;
  }

  /** One joined delta for what gathered. */
  tell(place) {
    const { number } = this.model.state;
    if (!place.isConnected || place.sentThrough >= number || !place.id) return;
    place.down.push(["event", {
      s: `room:${room}`, e: this.model.epoch, p: place.sentThrough, n: number, t: "delta",
      d: {
        patch: patchSince(this.model.state, place.sentThrough), hash: this.model.hash,
        state: this.stateSince(place.sentThrough) } }]);
    place.sentThrough = number;
  }

  /** A backup was put back: some numbers ago, in another epoch. */
  rewind(old, places) {
    this.model = new ModelRoom({ epoch: this.model.epoch + 1, state: old });
    for (const place of places) place.disconnect();
  }
}

export function run(seed, steps = 400) {
  const failures = [];
  const check = (what, given, expected) => {
    if (canonical(given ?? null) !== canonical(expected ?? null)) {
      failures.push(`${what}: ${JSON.stringify(given)} is not ${JSON.stringify(expected)}`);
    }
  };
  const random = generator(seed);
  const server = new Server(random);
  const places = [1, 2, 3].map((name) => new Place(name, server, random, check));
  let nowMs = 1_790_000_000_000;
  let backup = server.model.state;
  const turn = (place, isQuiet) => {
    if (!place.isConnected) {
      if (isQuiet || random(4) === 0) place.connect();
      return;
    }
    if (place.up.length && (isQuiet || random(2))) server.take(place, place.up.shift(), nowMs);
    if (isQuiet || random(3) === 0) {
      if (place.owed) server.settle(place);
      else server.tell(place);
    }
    if (place.down.length && (isQuiet || random(2))) {
      const [kind, data] = place.down[0];
      // An event may come twice; an answer belongs to one question.
      if (kind === "joined" || random(12)) place.down.shift();
      if (kind === "joined") place.replica.joined(data);
      else place.replica.receive(data, nowMs);
    }
    place.flush(nowMs);
    place.note();
  };
  for (let step = 0; step < steps; step += 1) {
    nowMs += random(6);
    const place = places[random(places.length)];
    if (random(3) === 0) place.edit(nowMs);
    if (random(60) === 0) place.disconnect();
    if (random(150) === 0) backup = server.model.state;
    if (random(300) === 0) server.rewind(backup, places);
    turn(place, false);
  }
  for (let step = 0; step < 2_000; step += 1) {
    nowMs += 5;
    for (const place of places) turn(place, true);
  }
  let count = 0;
  for (const { name, replica, outcomes } of places) {
    check(`${name}: nothing waits`, replica.pendingCount, 0);
    check(`${name}: all have the same`, replica.shown, server.model.document);
    check(`${name}: shown is what is confirmed`, replica.shown, replica.confirmed);
    for (const [ticket, outcome] of outcomes) {
      count += 1;
      if (outcome === null) failures.push(`${name}: edit ${ticket} was lost`);
    }
  }
  return { seed, failures, edits: count, accepted: server.model.state.number };
}
