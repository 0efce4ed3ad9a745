/**
 * What the page says, in the languages of its people. Name to [English, Norwegian, Spanish];
 * what is loaded later brings its own.
 * @module
 */

const texts = {
  skip: ["Skip to the content", "Hopp til innholdet", "Saltar al contenido"],
  newPattern: ["New rhythm", "Ny rytme", "Ritmo nuevo"],
  myRhythm: ["My rhythm", "Min rytme", "Mi ritmo"],
  signInToMake: [
    "Sign in to make a rhythm of your own.", "Logg inn for å lage din egen rytme.",
    "Entra para crear un ritmo propio."],
  refused: ["Refused: {message}", "Avvist: {message}", "Rechazado: {message}"],
  refusedEdit: [
    "Not changed: {what}. {message} (now: {value}; allowed: {allowed})",
    "Ikke endret: {what}. {message} (nå: {value}; tillatt: {allowed})",
    "Sin cambios: {what}. {message} (ahora: {value}; permitido: {allowed})"],
  failed: [
    "That did not work: {message}", "Det gikk ikke: {message}", "No ha funcionado: {message}"],
  dismiss: ["Close", "Lukk", "Cerrar"],
  connecting: ["Connecting", "Kobler til", "Conectando"],
  online: ["Connected", "Tilkoblet", "Conectado"],
  stopped: [
    "This page is too old for the server: load it again ({reason})",
    "Siden er for gammel for serveren: last den på nytt ({reason})",
    "Esta página es antigua para el servidor: recárgala ({reason})"],
  private: ["private", "privat", "privado"],
  signIn: ["Sign in", "Logg inn", "Entrar"],
  signOut: ["Sign out", "Logg ut", "Salir"],
  preferences: ["Preferences", "Innstillinger", "Preferencias"],
  opening: ["Opening", "Åpner", "Abriendo"],
  discover: ["Discover", "Oppdag", "Descubrir"],
  feed: ["Following", "Følger", "Siguiendo"],
  signInFirst: ["Sign in to see this.", "Logg inn for å se dette.", "Entra para ver esto."],
  play: ["Play", "Spill", "Tocar"],
  stop: ["Stop", "Stopp", "Parar"],
  listen: ["Listen", "Lytt", "Escuchar"],
  undo: ["Undo", "Angre", "Deshacer"],
  redo: ["Redo", "Gjør om", "Rehacer"],
  tempo: ["Tempo", "Tempo", "Tempo"],
  tap: ["Tap", "Slå", "Marcar"],
  tapHint: ["Tap the counts (T)", "Slå tellingene (T)", "Marca los tiempos (T)"],
  key: ["Key", "Toneart", "Tonalidad"],
  flavor: ["Flavor", "Stil", "Estilo"],
  program: ["Rhythm", "Rytme", "Ritmo"],
  volume: ["Volume", "Volum", "Volumen"],
  pitch: ["Pitch", "Tonehøyde", "Altura"],
  mute: ["Mute", "Demp", "Silenciar"],
  muteNamed: ["Mute {name} for me", "Demp {name} for meg", "Silenciar {name} para mí"],
  removeNamed: ["Remove {name}", "Fjern {name}", "Quitar {name}"],
  addInstrument: ["Add an instrument", "Legg til instrument", "Añadir un instrumento"],
  instruments: ["Instruments", "Instrumenter", "Instrumentos"],
  transport: ["Beat", "Takt", "Compás"],
  panels: ["Beside the rhythm", "Ved siden av rytmen", "Junto al ritmo"],
  people: ["People", "Folk", "Gente"],
  peopleHere: ["{count} here", "{count} her", "{count} aquí"],
  "tab.people": ["People", "Folk", "Gente"],
  "tab.history": ["History", "Historikk", "Historial"],
  fork: ["Save as fork", "Lagre som avgreining", "Guardar como derivado"],
  details: ["Details", "Detaljer", "Detalles"],
  justForMe: ["Just for me", "Bare for meg", "Solo para mí"],
  myVolume: ["My volume", "Mitt volum", "Mi volumen"],
  nudge: ["Shift the sound (ms)", "Forskyv lyden (ms)", "Mover el sonido (ms)"],
  nudgeHint: [
    "Less than 0 sounds earlier: for headphones that lag behind the others.",
    "Under 0 lyder tidligere: for hodetelefoner som henger etter de andre.",
    "Menos de 0 suena antes: para auriculares que llegan tarde."],
  countVoice: ["Counts", "Telling", "Conteo"],
  "voice.beep": ["Beeped", "Pip", "Pitidos"],
  "voice.speak": ["Spoken", "Tale", "Hablado"],
  "voice.none": ["Silent", "Stille", "En silencio"],
  keysHint: [
    "Keys: space plays, 1 to 9 and 0 switch instruments, T taps the tempo, Ctrl Z undoes.",
    "Taster: mellomrom spiller, 1 til 9 og 0 slår instrumenter av og på, T gir tempo, Ctrl Z "
      + "angrer.",
    "Teclas: espacio toca, 1 a 9 y 0 activan instrumentos, T marca el tempo, Ctrl Z deshace."],
  hearEarlier: [
    "You alone hear an earlier version: {name}", "Bare du hører en tidligere versjon: {name}",
    "Solo tú oyes una versión anterior: {name}"],
  backToNow: ["Back to now", "Tilbake til nå", "Volver a ahora"],
  saved: ["Saved", "Lagret", "Guardado"],
  saving: ["Saving", "Lagrer", "Guardando"],
  listening: ["Listening", "Lytter", "Escuchando"],
  offline: [
    "Offline, edits waiting: {count}", "Frakoblet, endringer som venter: {count}",
    "Sin conexión, cambios en espera: {count}"],
  offlineNone: ["Offline", "Frakoblet", "Sin conexión"],
  outside: ["Not in this room", "Ikke i dette rommet", "Fuera de esta sala"],
  left: [
    "You are not in this room: {reason}", "Du er ikke i dette rommet: {reason}",
    "No estás en esta sala: {reason}"],
  skipped: [
    "Left as somebody else has set it: {paths}", "Står slik noen andre har satt det: {paths}",
    "Queda como lo puso otra persona: {paths}"],
  leads: ["{name} leads", "{name} leder", "{name} dirige"],
  leadsAndLocks: [
    "{name} leads and keeps: {locks}", "{name} leder og holder: {locks}",
    "{name} dirige y controla: {locks}"],
  "lock.tempo": ["tempo and flavor", "tempo og stil", "tempo y estilo"],
  "lock.start": ["start and stop", "start og stopp", "inicio y parada"],
  "lock.solo": ["solo", "solo", "solo"],
  owner: ["owner", "eier", "propietario"],
  editor: ["editor", "redaktør", "editor"],
  viewer: ["viewer", "tilhører", "oyente"],
  guest: ["guest", "gjest", "invitado"],
  "field.title": ["Title", "Tittel", "Título"],
  "field.description": ["Description", "Beskrivelse", "Descripción"],
  "field.flavor": ["Flavor", "Stil", "Estilo"],
  "field.bpm": ["Tempo", "Tempo", "Tempo"],
  "field.keyNote": ["Key", "Toneart", "Tonalidad"],
  "field.enabled": ["on or off", "på eller av", "sí o no"],
  "field.activeProgram": ["Rhythm", "Rytme", "Ritmo"],
  "field.volume": ["Volume", "Volum", "Volumen"],
  "field.pitchOffset": ["Pitch", "Tonehøyde", "Altura"],
};

export const languages = { en: "English", nb: "Norsk", es: "Español" };
const key = "salsanor.language";
const known = (tag) => {
  const short = (tag ?? "").slice(0, 2).replace(/^n[on]$/, "nb");
  return short in languages ? short : null;
};

/** What was chosen here, or the first of the person's languages that there is. */
export const language = [localStorage.getItem(key), ...navigator.languages]
  .map(known).find(Boolean) ?? "en";
const column = Object.keys(languages).indexOf(language);

/** Keeps a choice of language: true when the page has to be loaded again to speak it. */
export function speak(tag) {
  const wanted = known(tag);
  if (!wanted || wanted === language) return false;
  localStorage.setItem(key, wanted);
  return true;
}

/** More words, of what is loaded later. */
export const learn = (more) => Object.assign(texts, more);

/** @param {string} name @param {{[name: string]: string | number}} [values] */
export const say = (name, values = {}) => (texts[name]?.[column] ?? name)
  .replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
