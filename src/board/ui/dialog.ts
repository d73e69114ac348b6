import type { RefusalView } from '../view.ts';
import type { App } from './app.ts';
import { refusalOf } from './app.ts';
import { el, fill, icon, type IconName } from './dom.ts';
import type { Texts } from './text.ts';

/** A way to end a dialog. `run` resolves with true to close it; a refusal is shown in it. */
export interface DialogAction {
  label: string;
  style: 'primary' | 'danger' | 'plain';
  icon?: IconName;
  run: () => Promise<boolean>;
}

/** A dialog that is open. */
export interface OpenDialog {
  /** Says what is wrong, and to screen readers at once. */
  complain(text: string): void;
  /** Gives the last action another name. */
  rename(label: string): void;
  close(): void;
}

let count = 0;

/**
 * Opens a modal dialog: focus stays in it, Escape closes it, focus returns to where it came from. The last action is
 * also what Enter in a field does.
 */
export function openDialog(
  app: App,
  {
    title,
    body,
    actions,
  }: { title: string; body: readonly (Node | string | null)[]; actions: readonly DialogAction[] },
): OpenDialog {
  const { texts } = app;
  const titleId = `dialog-${++count}`;
  const complaint = el('p', { class: 'complaint', role: 'alert' });
  const buttons = actions.map((action, index) =>
    el(
      'button',
      { type: index === actions.length - 1 ? 'submit' : 'button', class: `button ${action.style}` },
      [action.icon ? icon(action.icon) : null, action.label],
      index === actions.length - 1 ? {} : { click: () => void run(action) },
    ),
  );
  const form = el(
    'form',
    { method: 'dialog', novalidate: true },
    [
      el('header', {}, [
        el('h2', { id: titleId }, title),
        el('button', { type: 'button', class: 'icon-button', 'aria-label': texts.t('dialog.close') }, [icon('cross')], {
          click: () => close(),
        }),
      ]),
      el('div', { class: 'dialog-body' }, [...body, complaint]),
      el('footer', {}, [
        el('button', { type: 'button', class: 'button plain' }, texts.t('dialog.cancel'), { click: () => close() }),
        ...buttons,
      ]),
    ],
    {
      submit: (event) => {
        event.preventDefault();
        const last = actions.at(-1);
        if (last) void run(last);
      },
    },
  );
  const dialog = el('dialog', { 'aria-labelledby': titleId }, [form], { close: () => dialog.remove() });

  function complain(text: string): void {
    fill(complaint, text === '' ? [] : [icon('alert'), text]);
  }
  function close(): void {
    dialog.close();
  }
  async function run(action: DialogAction): Promise<void> {
    complain('');
    for (const button of buttons) button.disabled = true;
    try {
      if (await action.run()) close();
    } catch (thrown) {
      complain(refusalText(texts, refusalOf(thrown)));
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }
  document.body.append(dialog);
  dialog.showModal();
  function rename(label: string): void {
    const action = actions.at(-1);
    const button = buttons.at(-1);
    if (action && button) fill(button, [action.icon ? icon(action.icon) : null, label]);
  }
  return { complain, rename, close };
}

/** Why something was refused, or that the board does not answer. */
export function refusalText(texts: Texts, refusal: RefusalView): string {
  return refusal.code === 'OFFLINE' ? texts.t('toast.offline') : texts.refusal(refusal);
}

/** A labelled field. */
export function field(label: string, input: HTMLElement, hint?: string): HTMLElement {
  const id = `field-${++count}`;
  input.id = id;
  const hintId = `${id}-hint`;
  if (hint !== undefined) input.setAttribute('aria-describedby', hintId);
  return el('div', { class: 'field' }, [
    el('label', { for: id }, label),
    input,
    hint === undefined ? null : el('p', { class: 'hint', id: hintId }, hint),
  ]);
}

let toasts: HTMLElement | undefined;

/** Tells in passing what has been done; read out by screen readers. */
export function toast(text: string, kind: 'good' | 'bad' = 'good'): void {
  toasts ??= document.body.appendChild(el('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' }));
  const note = el('div', { class: `toast ${kind}` }, [icon(kind === 'good' ? 'check' : 'alert'), el('span', {}, text)]);
  toasts.append(note);
  setTimeout(() => note.remove(), 7_000);
}
