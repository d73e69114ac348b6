import type { App } from './app.ts';
import { el } from './dom.ts';

const least = 20;
const most = 70;
let share = 36;

/** Divides the page between alternatives and plan: by pointer, or by arrow keys (ARIA window splitter). */
export function splitter(app: App, upper: HTMLElement): HTMLElement {
  const bar = el('div', {
    class: 'splitter',
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'horizontal',
    'aria-label': app.texts.t('split.label'),
    'aria-valuemin': least,
    'aria-valuemax': most,
  });
  function set(value: number): void {
    share = Math.round(Math.max(least, Math.min(most, value)));
    upper.style.flexBasis = `${share}%`;
    bar.setAttribute('aria-valuenow', String(share));
  }
  set(share);
  bar.addEventListener('keydown', (event) => {
    const step = { ArrowUp: -4, ArrowDown: 4, Home: least - share, End: most - share }[event.key];
    if (step === undefined) return;
    set(share + step);
    event.preventDefault();
  });
  bar.addEventListener('pointerdown', (event) => {
    bar.setPointerCapture(event.pointerId);
    const work = upper.parentElement?.getBoundingClientRect();
    const move = (at: PointerEvent) => {
      if (work) set(((at.clientY - work.top) / work.height) * 100);
    };
    bar.addEventListener('pointermove', move);
    bar.addEventListener('lostpointercapture', () => bar.removeEventListener('pointermove', move), { once: true });
  });
  return bar;
}
