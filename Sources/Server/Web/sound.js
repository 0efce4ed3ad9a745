/**
 * The sounds of the machine, made here: nothing is loaded. Times are those of the audio clock.
 * @module
 */

/** How each instrument sounds: a kind, and what its strokes differ in. */
const voices = {
  clave: ["wood", [2_500]], cowbell: ["metal", [560]], timbales: ["metal", [900, 640]],
  congas: ["skin", [150, 190, 420, 210, 140]], bongos: ["skin", [520, 560, 610, 400, 330]],
  tambora: ["skin", [110, 160, 330]], kickdrum: ["skin", [60]],
  guiro: ["scrape", [3_400, 4_600], [0.18, 0.06]], guira: ["scrape", [6_500, 7_400], [0.09, 0.2]],
  maracas: ["scrape", [7_000, 8_200], [0.05, 0.04]],
  bass: ["bass"], piano: ["piano"], instructor: ["count"],
};
const silent = 0.0001;

export class Sound {
  constructor() {
    this.context = new AudioContext({ latencyHint: "interactive" });
    this.master = new DynamicsCompressorNode(this.context, { threshold: -12, ratio: 6 });
    this.volume = new GainNode(this.context);
    this.master.connect(this.volume).connect(this.context.destination);
    /** @type {Map<string, GainNode>} */
    this.levels = new Map();
    const length = this.context.sampleRate;
    this.noise = this.context.createBuffer(1, length, length);
    const samples = this.noise.getChannelData(0);
    for (let index = 0; index < length; index += 1) samples[index] = Math.random() * 2 - 1;
  }

  setVolume(volume) {
    this.volume.gain.setTargetAtTime(volume ** 2, this.context.currentTime, 0.005);
  }

  /** Acts at once, also on what was scheduled. */
  setLevel(id, level) {
    this.level(id).gain.setTargetAtTime(level ** 2, this.context.currentTime, 0.005);
  }

  level(id) {
    let node = this.levels.get(id);
    if (!node) {
      node = new GainNode(this.context);
      node.connect(this.master);
      this.levels.set(id, node);
    }
    return node;
  }

  /** The audio clock at a time of `performance.now()`. */
  audioTime(ms) {
    const { contextTime, performanceTime } = this.context.getOutputTimestamp();
    const isKnown = performanceTime > 0;
    return isKnown ? contextTime + (ms - performanceTime) / 1_000
      : this.context.currentTime + (ms - performance.now()) / 1_000;
  }

  /** @param {string} id @param {{pitch: number, velocity: number}} stroke @param {number} note */
  strike(id, { pitch, velocity }, at, note) {
    const [kind, pitches = [], lengths = []] = voices[id] ?? ["wood", [1_000]];
    const frequency = pitches[Math.min(pitch, pitches.length - 1)];
    const tone = (type, hertz, seconds, gain, glide) => {
      const source = new OscillatorNode(this.context, { type, frequency: hertz });
      if (glide) source.frequency.exponentialRampToValueAtTime(glide, at + seconds);
      this.shape(id, source, at, seconds, gain * velocity);
    };
    const hertz = 440 * 2 ** ((note - 69) / 12);
    switch (kind) {
      case "wood":
        tone("sine", frequency, 0.06, 0.6);
        tone("triangle", frequency * 1.48, 0.03, 0.25);
        break;
      case "metal":
        tone("square", frequency, 0.16, 0.14);
        tone("square", frequency * 1.504, 0.12, 0.12);
        break;
      case "skin":
        tone("sine", frequency * 1.5, 0.22, 0.7, frequency);
        this.hiss(id, at, 0.02, frequency * 6, 0.3 * velocity);
        break;
      case "scrape": this.hiss(id, at, lengths[pitch] ?? 0.06, frequency, 0.5 * velocity); break;
      case "bass": tone("triangle", hertz, 0.45, 0.7); break;
      case "piano":
        tone("triangle", hertz, 0.35, 0.3);
        tone("sine", hertz * 2, 0.25, 0.15);
        break;
      default: tone("sine", pitch === 0 ? 1_320 : 880, 0.07, 0.35);
    }
  }

  hiss(id, at, seconds, frequency, gain) {
    const source = new AudioBufferSourceNode(this.context, { buffer: this.noise });
    const filter = new BiquadFilterNode(this.context, { type: "bandpass", frequency, Q: 1.5 });
    source.connect(filter);
    this.shape(id, source, at, seconds, gain, filter);
  }

  shape(id, source, at, seconds, gain, output = source) {
    const envelope = new GainNode(this.context, { gain: silent });
    envelope.gain.setValueAtTime(silent, at);
    envelope.gain.exponentialRampToValueAtTime(Math.max(gain, silent), at + 0.003);
    envelope.gain.exponentialRampToValueAtTime(silent, at + seconds);
    output.connect(envelope).connect(this.level(id));
    source.start(at);
    source.stop(at + seconds);
    source.onended = () => envelope.disconnect();
  }
}
