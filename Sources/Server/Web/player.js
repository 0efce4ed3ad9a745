/**
 * What is heard: the room's beat, or for oneself alone an earlier version or what nobody else
 * plays. `Protocol/playing.md`.
 * @module
 */
import { partsAt, partsPerStep, stepsBetween } from "./client/beat.js";
import { Sound } from "./sound.js";

/** Sounds are scheduled so far ahead: a busy page may miss a turn and nothing is heard of it. */
const aheadMs = 200;
/** Of pages in the background, browsers let timers run once a second only. */
const hiddenAheadMs = 1_500;
const turnMs = 50;
const localLeadMs = 150;
const quantum = 32;
const key = "salsanor.listening";

/** One's own: nobody else hears of it. */
const standard = { volume: null, nudgeMs: 0, voice: "beep", muted: [] };

export class Player {
  /** @param {import("./studio.js").Studio} studio */
  constructor(studio) {
    this.studio = studio;
    this.lastStep = -1;
    this.step = null;
    /** Played here alone. @type {import("./client/beat.js").Playing | null} */
    this.local = null;
    this.mine = { ...standard };
    try {
      Object.assign(this.mine, JSON.parse(localStorage.getItem(key)));
    } catch {
      // What cannot be read is as if nothing had been kept.
    }
  }

  get nowMs() { return this.local ? performance.now() : this.studio.client.serverTimeMs; }

  get playing() { return this.local ?? this.studio.room.playing; }

  get isPlaying() { return this.playing.segments.length > 0 && !this.hasEnded; }

  /** What is told of a beat that ended stays until the next one. */
  get hasEnded() {
    const { playing, nowMs } = this;
    return nowMs !== undefined && partsAt(playing, nowMs) === null
      && !(playing.segments[0]?.fromMs > nowMs);
  }

  /** What the others play goes on for them, and is not heard here. */
  silence() {
    this.sound.context.close();
    this.sound = null;
    this.lastStep = -1;
  }

  get volume() { return this.mine.volume ?? this.studio.page.session.preferences.defaultVolume; }

  setMine(changes) {
    Object.assign(this.mine, changes);
    localStorage.setItem(key, JSON.stringify(this.mine));
    this.setLevels();
  }

  /** Browsers let a page sound after a gesture only: this is one. */
  wake() {
    this.sound ??= new Sound();
    this.sound.context.resume();
    this.studio.client.wantClock();
    this.setLevels();
  }

  /** Begins for oneself alone; stops doing so with false. */
  alone(isWanted) {
    const { shown } = this.studio;
    this.local = isWanted && shown ? { segments: [{
      fromMs: performance.now() + localLeadMs, step: 0, part: 0, flavor: shown.flavor,
      bpm: shown.machines[shown.flavor].bpm }] } : null;
    this.lastStep = -1;
    this.startedMs = null;
    this.follow();
  }

  /** The tempo of what is played alone changes, and the beat goes on. */
  reanchor() {
    const { shown } = this.studio;
    const segment = this.local?.segments[0];
    if (!segment || !shown) return;
    const { flavor } = shown;
    const { bpm } = shown.machines[flavor];
    if (segment.flavor === flavor && segment.bpm === bpm) return;
    const now = performance.now();
    const parts = segment.flavor === flavor ? partsAt(this.local, now) ?? 0 : 0;
    const step = Math.floor(parts / partsPerStep);
    if (segment.flavor !== flavor) this.lastStep = -1;
    this.local = { segments: [{
      fromMs: Math.max(now, segment.fromMs), step, part: Math.round(parts - step * partsPerStep),
      flavor, bpm }] };
    this.startedMs = this.local.segments[0].fromMs;
  }

  setLevels() {
    const { shown } = this.studio;
    if (!this.sound || !shown) return;
    this.sound.setVolume(this.volume);
    for (const [id, { enabled, volume }] of
      Object.entries(shown.machines[shown.flavor].instruments)) {
      this.sound.setLevel(id, enabled && !this.mine.muted.includes(id) ? volume : 0);
    }
  }

  /** Something about what plays has changed. */
  follow() {
    this.studio.showPlaying();
    if (!this.isPlaying || this.turning) return;
    this.studio.client.wantClock();
    this.turning = setInterval(() => this.turn(), turnMs);
    const frame = () => {
      if (!this.turning) return;
      this.turn();
      this.look();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    this.turn();
  }

  /** Shows the step that sounds now. */
  look() {
    const now = this.nowMs;
    const parts = now === undefined ? null : partsAt(this.playing, now);
    const step = parts === null ? null : Math.floor(parts / partsPerStep);
    if (step === this.step) return;
    this.step = step;
    this.studio.light(step);
  }

  turn() {
    const { playing, nowMs: now } = this;
    if (this.hasEnded) {
      this.rest();
      this.look();
      this.studio.showPlaying();
      return;
    }
    if (now === undefined || this.sound?.context.state !== "running") return;
    const [{ fromMs, step: first, part }] = playing.segments;
    if (first === 0 && part === 0 && fromMs !== this.startedMs) {
      this.startedMs = fromMs;
      this.lastStep = -1;
    }
    const { nudgeMs } = this.mine;
    const heard = now - nudgeMs;
    const shiftMs = performance.now() - heard;
    const until = heard + (document.hidden ? hiddenAheadMs : aheadMs);
    for (const next of stepsBetween(playing, heard, until)) {
      // Each sounds once, also when the tempo moved it meanwhile.
      if (next.step <= this.lastStep) continue;
      this.lastStep = next.step;
      this.strike(next, next.ms + shiftMs, playing.solo);
    }
  }

  strike({ step, flavor }, ms, solo) {
    const { shown, page } = this.studio;
    const { keyNote, instruments } = shown.machines[flavor];
    const machine = page.catalogue.flavors.find(({ id }) => id === flavor);
    const at = this.sound.audioTime(ms);
    for (const { id, keyed, programs } of machine.instruments) {
      const values = instruments[id];
      if (!values?.enabled || (solo && !solo.includes(id))) continue;
      const { length, strokes } = programs[values.activeProgram];
      for (const stroke of strokes) {
        if (stroke.step !== step % quantum % length) continue;
        if (id === "instructor" && this.mine.voice !== "beep") this.count(stroke, ms, values);
        else {
          this.sound.strike(
            id, stroke, at, keyed ? values.pitchOffset + keyNote + stroke.pitch : 0);
        }
      }
    }
  }

  /** Spoken: a voice has no clock, so it is asked at the time, and muted like all else. */
  count({ pitch }, ms, { volume }) {
    if (this.mine.voice !== "speak" || this.mine.muted.includes("instructor")) return;
    setTimeout(() => {
      if (!this.turning) return;
      const spoken = new SpeechSynthesisUtterance(String(pitch + 1));
      Object.assign(spoken, {
        lang: document.documentElement.lang, rate: 2, volume: volume * this.volume });
      speechSynthesis.cancel();
      speechSynthesis.speak(spoken);
    }, Math.max(0, ms - performance.now()));
  }

  rest() {
    clearInterval(this.turning);
    this.turning = null;
  }

  close() {
    this.rest();
    this.sound?.context.close();
  }
}
