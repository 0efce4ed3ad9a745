/** What the page says, in the languages of its people. @module */

const texts = {
  en: {
    email: "E-mail", password: "Password", signIn: "Sign in", signOut: "Sign out",
    play: "Play", stop: "Stop", listen: "Listen", undo: "Undo", redo: "Redo", tempo: "Tempo",
    key: "Key",
    flavor: "Flavor", program: "Rhythm", volume: "Volume", on: "On", off: "Off",
    saved: "Saved", saving: "Saving", listening: "Listening", connecting: "Connecting",
    offline: "Offline, edits waiting: {count}", refused: "Refused: {message}",
    skipped: "Left as somebody else has set it: {paths}",
    signInFirst: "Sign in to see this.", discover: "Discover", feed: "Following",
    left: "You are no longer in this room: {reason}", people: "{count} here",
  },
  nb: {
    email: "E-post", password: "Passord", signIn: "Logg inn", signOut: "Logg ut",
    play: "Spill", stop: "Stopp", listen: "Lytt", undo: "Angre", redo: "Gjør om",
    tempo: "Tempo", key: "Toneart",
    flavor: "Stil", program: "Rytme", volume: "Volum", on: "På", off: "Av",
    saved: "Lagret", saving: "Lagrer", listening: "Lytter", connecting: "Kobler til",
    offline: "Frakoblet, endringer som venter: {count}", refused: "Avvist: {message}",
    skipped: "Står slik noen andre har satt det: {paths}",
    signInFirst: "Logg inn for å se dette.", discover: "Oppdag", feed: "Følger",
    left: "Du er ikke lenger i dette rommet: {reason}", people: "{count} her",
  },
  es: {
    email: "Correo", password: "Contraseña", signIn: "Entrar", signOut: "Salir",
    play: "Tocar", stop: "Parar", listen: "Escuchar", undo: "Deshacer", redo: "Rehacer",
    tempo: "Tempo",
    key: "Tonalidad", flavor: "Estilo", program: "Ritmo", volume: "Volumen", on: "Sí", off: "No",
    saved: "Guardado", saving: "Guardando", listening: "Escuchando", connecting: "Conectando",
    offline: "Sin conexión, cambios en espera: {count}", refused: "Rechazado: {message}",
    skipped: "Queda como lo puso otra persona: {paths}",
    signInFirst: "Entra para ver esto.", discover: "Descubrir", feed: "Siguiendo",
    left: "Ya no estás en esta sala: {reason}", people: "{count} aquí",
  },
};

/** The first of the person's languages that there is. */
export const language = navigator.languages
  .map((tag) => tag.slice(0, 2).replace(/^n[on]$/, "nb")).find((tag) => tag in texts) ?? "en";

/** @param {string} name @param {{[name: string]: string | number}} [values] */
export const say = (name, values = {}) => texts[language][name]
  .replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
