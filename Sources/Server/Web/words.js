/** Pointers of a document in words. @module */
import { say } from "./texts.js";

/** `/machines/Salsa/instruments/clave/volume` as "Clave: Volume". */
export function nameOf(pointer, catalogue) {
  const [, first, flavor, name, instrument, fieldName] = pointer.split("/");
  const words = (field) => say(`field.${field}`).replace("field.", "");
  if (first !== "machines") return words(first);
  if (!instrument) return words(name);
  const title = catalogue.flavors.find(({ id }) => id === flavor)?.instruments
    .find(({ id }) => id === instrument)?.title ?? instrument;
  return fieldName ? `${title}: ${words(fieldName)}` : title;
}
