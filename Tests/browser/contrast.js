/**
 * What cannot be read of a page, as text: too little contrast (WCAG 2.2 §1.4.3), or controls,
 * pictures and lists without a name.
 */
export function check(root) {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const colour = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (channels) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
    const value = channels[index] / 255;
    return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  }, 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [red, green, blue, alpha] = colour(getComputedStyle(at).backgroundColor);
      if (alpha === 255) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  const wrong = [];
  const name = (element) => `${element.tagName} ${element.id || element.className}`;
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  for (const element of root.querySelectorAll("*")) {
    if (!isShown(element)) continue;
    const text = [...element.childNodes].filter(({ nodeType }) => nodeType === 3)
      .map(({ data }) => data.trim()).join("");
    const isControl = element.matches("a, button, input, select, textarea");
    if ((text || isControl) && !element.closest(":disabled, option, .unseen")) {
      const style = getComputedStyle(element);
      const [light, dark] = [luminance(colour(style.color)), luminance(ground(element))]
        .sort((one, other) => other - one);
      const ratio = (light + 0.05) / (dark + 0.05);
      const isLarge = parseFloat(style.fontSize) >= 24;
      if (ratio < (isLarge ? 3 : 4.5)) wrong.push(`${name(element)}: ${ratio.toFixed(2)}`);
    }
    const label = element.ariaLabel || element.textContent.trim()
      || [...(element.labels ?? [])].map(({ textContent }) => textContent.trim()).join("");
    if (isControl && !label) wrong.push(`${name(element)} has no name`);
    if (element.matches("img") && !element.hasAttribute("alt")) wrong.push("img without alt");
    if (element.matches("[role=img]") && !element.ariaLabel) {
      wrong.push(`${name(element)} has no name`);
    }
  }
  return wrong;
}
