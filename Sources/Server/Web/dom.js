/** Small helpers for what is seen. @module */

/** An element with properties and children: text is text, never markup. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export const button = (textContent, onclick, properties) =>
  make("button", { type: "button", textContent, onclick, ...properties });

/** A control with its words above it. */
export const field = (text, control) =>
  make("label", {}, make("span", { textContent: text }), control);

export const choice = (options, properties) => make("select", properties, ...options.map(
  ([value, textContent]) => make("option", { value, textContent })));

export const tick = (text, properties) => make("label", { className: "tick" },
  make("input", { type: "checkbox", ...properties }), text);
