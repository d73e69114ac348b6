type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined>;
type Listeners = { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

/**
 * Makes an HTML element. Attributes that are false, null or undefined are left out, true ones are empty. Text is always
 * set as text, so that nothing from the plant can become markup.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  children: readonly Child[] | string = [],
  listeners: Listeners = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, typeof children === 'string' ? [children] : children);
  for (const [name, listener] of Object.entries(listeners)) element.addEventListener(name, listener as EventListener);
  return element;
}

/** Makes an SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** Replaces what an element holds. */
export function fill(element: Element, children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes))
    if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value === true ? '' : String(value));
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children)
    if (child !== null && child !== undefined && child !== false)
      element.append(typeof child === 'number' ? String(child) : child);
}

const icons = {
  alert: 'M8 1.6 15 14H1L8 1.6Zm0 4.2v4.4m0 1.7v.2',
  down: 'M8 2v9m-4-3.5L8 12l4-4.5M3 14h10',
  clock: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8Zm0 2.7V8l2.4 1.6',
  edit: 'M2.5 13.5h3l8-8-3-3-8 8v3Zm6-9 3 3',
  refresh: 'M13.5 8A5.5 5.5 0 1 1 11.6 3.8M13.6 1.6v3.2h-3.2',
  check: 'm2.8 8.6 3.4 3.4 7-8',
  cross: 'm3.5 3.5 9 9m0-9-9 9',
  person: 'M8 7.6a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Zm-5.2 6.6c.4-3 2.6-4.6 5.2-4.6s4.8 1.6 5.2 4.6',
  theme: 'M8 1.800a6.2 6.2 0 1 0 0 12.400V1.800Z',
  left: 'm10 3-5 5 5 5',
  right: 'm6 3 5 5-5 5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  diamond: 'M8 2.5 13.5 8 8 13.5 2.5 8 8 2.500Z',
  pause: 'M5.5 3.500v9m5-9v9',
  late: 'M8 13 2.5 4h11L8 13Z',
  shield: 'M8 1.8 13.2 4v4c0 3.2-2.2 5.2-5.2 6.400C5 13.2 2.8 11.2 2.8 8V4L8 1.800Z',
} as const;

/** An icon's name. */
export type IconName = keyof typeof icons;

/** A small line icon in the colour of the text around it, hidden from screen readers. */
export function icon(name: IconName, size = 14): SVGSVGElement {
  return svg('svg', { class: 'icon', viewBox: '0 0 16 16', width: size, height: size, 'aria-hidden': 'true' }, [
    svg('path', {
      d: icons[name],
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.6,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  ]);
}
