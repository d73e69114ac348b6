import type { App } from './app.ts';
import { refusalOf } from './app.ts';
import { field, openDialog, refusalText, toast } from './dialog.ts';
import { el } from './dom.ts';

/** Asks for name and password. */
export function openLogin(app: App): void {
  const { texts } = app;
  if (app.shown.session?.logInPossible === false) {
    openDialog(app, { title: texts.t('login.title'), body: [el('p', {}, texts.t('login.none'))], actions: [] });
    return;
  }
  const person = el('input', {
    name: 'person',
    autocomplete: 'username',
    required: true,
    maxlength: 200,
    autofocus: true,
  });
  const password = el('input', {
    name: 'password',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
    maxlength: 200,
  });
  openDialog(app, {
    title: texts.t('login.title'),
    body: [field(texts.t('login.person'), person), field(texts.t('login.password'), password)],
    actions: [
      {
        label: texts.t('login.submit'),
        style: 'primary',
        run: async () => {
          if (person.value.trim() === '' || password.value === '') return false;
          const body = { personId: person.value.trim(), password: password.value };
          const session = await app.send('api/login', body);
          app.show({ session });
          toast(texts.t('login.done', { person: body.personId }));
          return true;
        },
      },
    ],
  });
}

/** Ends the session. */
export async function logOut(app: App): Promise<void> {
  try {
    app.show({ session: await app.send('api/logout', {}) });
    toast(app.texts.t('login.out'));
  } catch (thrown) {
    toast(refusalText(app.texts, refusalOf(thrown)), 'bad');
  }
}
