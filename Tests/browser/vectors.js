/**
 * Runs `Protocol/vectors` through client.js: `run()` gives what differed, as text.
 * @module
 */
import { canonical, mergePatch, sha256, stateHash } from "/client/json.js";
import { instrumentsOf, normalise, readPath, ruleFor } from "/client/fields.js";
import { view } from "/client/merge.js";
import { partsAt, partsPerStep, stepsBetween } from "/client/beat.js";
import { PatternReplica } from "/client/room.js";
import { ModelRoom, stampFor } from "./model.js";

const load = async (name) => (await fetch(`/protocol/${name}.json`, { cache: "no-store" })).json();
const same = (one, other) => canonical(one) === canonical(other);

const runners = {
  canonical(check, { cases }) {
    for (const { name, json, canonical: text, hash } of cases) {
      check(name, canonical(JSON.parse(json)), text);
      check(name, stateHash(JSON.parse(json)), hash);
    }
  },

  "merge-patch"(check, { cases }) {
    for (const { name, document, patch, expected } of cases) {
      const before = canonical(document);
      check(name, mergePatch(document, patch), expected);
      check(`${name}: the target is left alone`, canonical(document), before);
    }
  },

  stamps(check, { cases }) {
    for (const { name, expected, ...clocks } of cases) check(name, stampFor(clocks), expected);
  },

  normalise(check, { cases }) {
    for (const { name, state, document, hash } of cases) {
      check(name, view(state), document);
      check(name, stateHash(view(state)), hash);
    }
  },

  edits(check, file) {
    for (const { name, steps, state = file.state } of file.cases) {
      const room = new ModelRoom({ epoch: file.epoch, state });
      for (const [index, { wallMs, edit, expected }] of steps.entries()) {
        const place = `${name}, step ${index + 1}`;
        const { document, hash, ...answer } = expected;
        const given = room.edit(edit, wallMs);
        const [kind] = Object.keys(given);
        if (answer.refused || answer.repeated) {
          for (const [member, value] of Object.entries(answer.refused ?? answer.repeated)) {
            if (member !== "allowed" && member !== "message") {
              check(`${place}, ${member}`, given[kind]?.[member] ?? null, value);
            }
          }
          check(place, kind, Object.keys(answer)[0]);
        } else {
          check(place, typeof given.retry === "string" && typeof answer.retry === "object"
            ? { retry: { code: given.retry } } : given, answer);
        }
        check(place, room.document, document);
        check(place, room.hash, hash);
      }
    }
  },

  resume(check, file) {
    for (const { name, edits, resumes, state = file.state } of file.cases) {
      const room = new ModelRoom({ epoch: file.epoch, state });
      const documents = [room.document];
      for (const { wallMs, edit } of edits) {
        room.edit(edit, wallMs);
        documents[room.state.number] = room.document;
      }
      for (const { cursor, ...expected } of resumes) {
        const place = `${name}, ${JSON.stringify(cursor)}`;
        const { recovered, from, patch, document, hash } = room.join(cursor);
        check(place, { recovered, ...(recovered && { from }), hash },
          (({ recovered: isRecovered, from: start, hash: digits }) => ({
            recovered: isRecovered, ...(isRecovered && { from: start }), hash: digits,
          }))(expected));
        if (recovered) {
          check(place, mergePatch(documents[cursor.number], patch), room.document);
          check(place, mergePatch(documents[cursor.number], expected.patch), room.document);
        } else {
          check(place, document, expected.document);
        }
        // What a client makes of it.
        const replica = new PatternReplica(file.room);
        if (recovered) {
          replica.confirmed = documents[cursor.number];
          replica.cursor = cursor;
        }
        const { number } = room.state;
        replica.joined({ epoch: file.epoch, number, role: "owner", ...expected });
        check(`${place}: shown`, replica.shown, room.document);
        check(`${place}: hash`, replica.takeMismatch(), null);
      }
    }
  },

  playing(check, { cases }) {
    for (const { name, steps, sounds } of cases) {
      const { state } = steps[steps.length - 1];
      for (const { atMs, step, part } of sounds) {
        const parts = partsAt(state, atMs);
        check(`${name}, at ${atMs}`, parts, step === null ? null : step * partsPerStep + part);
        for (const next of stepsBetween(state, atMs, atMs + 2_000)) {
          check(`${name}, step ${next.step}`,
            Math.abs(partsAt(state, next.ms) - next.step * partsPerStep) < 1, true);
        }
      }
    }
  },

  undo(check, file) { this.pending(check, file); },

  pending(check, file) {
    for (const { name, steps } of file.cases) {
      const replica = new PatternReplica(file.room);
      let nowMs = 0;
      for (const [index, step] of steps.entries()) {
        const place = `${name}, step ${index + 1}`;
        nowMs += step.afterMs ?? 0;
        if (step.joined) replica.joined(step.joined);
        else if (step.event) replica.receive(step.event, nowMs);
        else if (step.edit) check(place, replica.edit(step.edit, undefined, nowMs) !== null, true);
        else if ("undo" in step || "redo" in step) {
          const isRedo = "redo" in step;
          const done = replica.reverse(isRedo);
          check(place, done && { changed: done.changed, skipped: done.skipped },
            isRedo ? step.redo : step.undo);
        }
        else if (step.send) check(place, replica.takeRequests(nowMs), step.send);
        else if ("disconnected" in step) replica.disconnected();
        else check(place, "a step of no known kind", null);
        check(place, replica.shown, step.shown);
        check(place, replica.pendingCount, step.pending);
        check(place, replica.needsJoin, step.needsJoin ?? false);
        check(place, replica.takeMismatch(), null);
      }
    }
  },
};

/** The table in fields.js says what the catalogue says. */
async function checkCatalogue(check) {
  const { flavors } = await load("catalogue");
  for (const flavor of flavors) {
    check(flavor.id, instrumentsOf(flavor.id), flavor.instruments.map(({ id }) => id));
    const rule = (pointer) => {
      const { fallback, min, max } = ruleFor(readPath(pointer));
      return { default: fallback, min, max };
    };
    for (const name of ["bpm", "keyNote"]) {
      check(`${flavor.id} ${name}`, rule(`/machines/${flavor.id}/${name}`), flavor[name]);
    }
    for (const instrument of flavor.instruments) {
      const at = `/machines/${flavor.id}/instruments/${instrument.id}`;
      check(at, rule(`${at}/pitchOffset`), instrument.pitchOffset);
      check(at, rule(`${at}/activeProgram`), {
        default: instrument.activeProgram, min: 0, max: instrument.programs.length - 1 });
      for (const name of ["enabled", "volume"]) {
        check(at, normalise(readPath(`${at}/${name}`), undefined), instrument[name]);
      }
      for (const alias of instrument.aliases) {
        check(at, readPath(`/machines/${flavor.id}/instruments/${alias}`).pointer, at);
      }
    }
  }
}

/** Against the browser's own, around the edges of its blocks. */
async function checkSHA256(check) {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000, 70_000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => index * 31);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const text = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    check(`SHA-256 of ${length} bytes`, sha256(bytes), text);
  }
}

export async function run() {
  const failures = [];
  let count = 0;
  const looked = new Set();
  const checker = (file) => (place, given, expected) => {
    count += 1;
    looked.add(`${file}: ${place}`);
    if (!same(given ?? null, expected ?? null)) {
      failures.push(
        `${file}: ${place}: ${JSON.stringify(given)} is not ${JSON.stringify(expected)}`);
    }
  };
  for (const [name, runner] of Object.entries(runners)) {
    const file = await load(`vectors/${name}`);
    try {
      runner.call(runners, checker(name), file);
    } catch (error) {
      failures.push(`${name}: ${error.stack}`);
    }
    const places = [...looked];
    for (const { name: title } of file.cases) {
      if (!places.some((place) => place.startsWith(`${name}: ${title}`))) {
        failures.push(`${name}: ${title}: nothing was looked at`);
      }
    }
  }
  await checkCatalogue(checker("catalogue"));
  await checkSHA256(checker("json.js"));
  return { count, failures, files: Object.keys(runners) };
}
