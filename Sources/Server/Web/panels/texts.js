/** The words of what is loaded later. @module */
import { language, learn, say } from "../texts.js";

export { language, say };

learn({
  email: ["E-mail", "E-post", "Correo"],
  password: ["Password", "Passord", "Contraseña"],
  name: ["Name", "Navn", "Nombre"],
  signOutAll: ["Sign out everywhere", "Logg ut overalt", "Salir en todas partes"],
  register: ["Create account", "Lag konto", "Crear cuenta"],
  stay: [
    "Stay signed in on this device", "Forbli innlogget på denne enheten",
    "Seguir conectado en este dispositivo"],
  account: ["Account", "Konto", "Cuenta"],
  ended: [
    "Your session has ended. Sign in again to go on; edits that wait are kept.",
    "Økten er over. Logg inn igjen for å fortsette; endringer som venter, beholdes.",
    "La sesión terminó. Entra otra vez para seguir; los cambios en espera se conservan."],
  asGuest: ["Go on as a guest", "Fortsett som gjest", "Seguir como invitado"],
  preferencesGuest: [
    "Kept in this browser. Sign in to have them everywhere.",
    "Lagres i denne nettleseren. Logg inn for å ha dem overalt.",
    "Se guardan en este navegador. Entra para tenerlas en todas partes."],
  theme: ["Theme", "Utseende", "Tema"],
  auto: ["As the device", "Som enheten", "Como el dispositivo"],
  light: ["Light", "Lyst", "Claro"],
  dark: ["Dark", "Mørkt", "Oscuro"],
  language: ["Language", "Språk", "Idioma"],
  autoPlay: [
    "Play when a rhythm opens", "Spill når en rytme åpnes", "Tocar al abrir un ritmo"],
  beatNumbers: ["Beat numbers", "Tall på slagene", "Números de los tiempos"],
  glass: ["Glass look", "Glasseffekt", "Aspecto de cristal"],
  defaultVolume: ["Volume to begin with", "Volum ved start", "Volumen inicial"],
  forNew: ["New rhythms begin with", "Nye rytmer begynner med", "Los ritmos nuevos empiezan con"],
  notify: ["Count what is new in the inbox", "Tell nytt i innboksen", "Contar lo nuevo del buzón"],
  mailMe: ["Send me a digest by e-mail", "Send meg et sammendrag på e-post",
    "Enviarme un resumen por correo"],
  profile: ["Profile", "Profil", "Perfil"],
  save: ["Save", "Lagre", "Guardar"],
  bio: ["About you", "Om deg", "Sobre ti"],
  sessions: ["Signed in on", "Innlogget på", "Sesiones abiertas"],
  thisOne: ["this one", "denne", "esta"],
  endSession: ["End", "Avslutt", "Cerrar"],
  newPassword: ["New password", "Nytt passord", "Contraseña nueva"],
  changePassword: ["Change password", "Bytt passord", "Cambiar contraseña"],
  leaveTitle: ["Leave", "Slutt", "Darse de baja"],
  deleteAccount: ["Delete my account", "Slett kontoen min", "Borrar mi cuenta"],
  really: ["Really?", "Sikker?", "¿Seguro?"],
  hereNow: ["Here now", "Her nå", "Ahora aquí"],
  you: ["you", "deg", "tú"],
  iLead: ["I lead", "Jeg leder", "Dirijo yo"],
  letLead: ["Let lead", "La lede", "Que dirija"],
  endLead: ["Nobody leads any more", "Ingen leder lenger", "Que nadie dirija"],
  onlyIMay: ["Only I may change", "Bare jeg kan endre", "Solo yo cambio"],
  collaborators: ["Collaborators", "Medvirkende", "Colaboradores"],
  nobody: ["Nobody yet", "Ingen ennå", "Nadie todavía"],
  invited: ["invited", "invitert", "invitado"],
  roleOf: ["Role of {name}", "Rollen til {name}", "Papel de {name}"],
  leave: ["Leave", "Forlat", "Salir"],
  shareLinks: ["Share links", "Delingslenker", "Enlaces para compartir"],
  linkGives: ["The link gives", "Lenken gir", "El enlace da"],
  makeLink: ["Make a link", "Lag en lenke", "Crear un enlace"],
  link: ["Link", "Lenke", "Enlace"],
  copy: ["Copy", "Kopier", "Copiar"],
  copied: ["Copied", "Kopiert", "Copiado"],
  linkHint: [
    "Whoever opens it and signs in gets that role. It is shown once.",
    "Den som åpner den og logger inn, får rollen. Den vises én gang.",
    "Quien lo abre y entra recibe ese papel. Se muestra una vez."],
  takeBack: ["Take back", "Trekk tilbake", "Retirar"],
  openingLink: ["Opening the link", "Åpner lenken", "Abriendo el enlace"],
  signInForLink: [
    "Sign in to use this link.", "Logg inn for å bruke denne lenken.",
    "Entra para usar este enlace."],
  linkOpened: [
    "You are {role} of {title} now.", "Du er nå {role} av {title}.",
    "Ahora eres {role} de {title}."],
  versions: ["Named versions", "Navngitte versjoner", "Versiones con nombre"],
  changes: ["Changes", "Endringer", "Cambios"],
  more: ["More", "Mer", "Más"],
  refresh: ["Refresh", "Oppdater", "Actualizar"],
  versionName: ["Name of the version", "Navn på versjonen", "Nombre de la versión"],
  keepVersion: ["Keep this version", "Behold denne versjonen", "Guardar esta versión"],
  historyFor: [
    "History is for those who have a role here.", "Historikken er for dem som har en rolle her.",
    "El historial es para quien tiene un papel aquí."],
  restore: ["Restore", "Gjenopprett", "Restaurar"],
  nameIt: ["Keep", "Behold", "Guardar"],
  rename: ["Rename", "Gi nytt navn", "Renombrar"],
  began: ["The rhythm began", "Rytmen begynte", "Empezó el ritmo"],
  public: ["Everybody may find and hear it", "Alle kan finne og høre den",
    "Todos pueden encontrarlo y oírlo"],
  deletePattern: ["Delete this rhythm", "Slett rytmen", "Borrar este ritmo"],
});

/** How long ago, in words. */
export function ago(ms, nowMs = Date.now()) {
  const seconds = Math.min(0, Math.round((ms - nowMs) / 1_000));
  const [unit, length] = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]]
    .find(([, long]) => -seconds >= long) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" })
    .format(Math.trunc(seconds / length), unit);
}
