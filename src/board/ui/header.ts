import type { App } from './app.ts';
import { el, fill, icon, svg } from './dom.ts';
import { openLogin, logOut } from './login-dialog.ts';
import { remember } from './remember.ts';
import { languages, type Language } from './text.ts';

/** The page's head: where, when, connected how, in which mode, and who is here. */
export function header(app: App, rebuild: () => void): HTMLElement {
  const { texts } = app;
  const site = el('span', { class: 'site' });
  const clock = el('time', { class: 'clock' });
  const connection = el('span', { class: 'connection', role: 'status' });
  const mode = el('span', { class: 'mode' });
  const person = el('div', { class: 'person' });

  const tick = () => {
    const now = app.now();
    clock.textContent = `${texts.day(now)}, ${texts.time(now)} ${texts.zoneName(now)}`;
    clock.dateTime = new Date(now).toISOString();
    clock.title = texts.timeZone;
  };
  tick();
  app.every(5_000, tick);

  app.watch(
    (shown) => [shown.state?.site],
    (name) => (site.textContent = name ?? ''),
  );
  app.watch(
    (shown) => [shown.connection],
    (state) => {
      connection.className = `connection ${state}`;
      fill(connection, [el('i', { class: 'dot', 'aria-hidden': 'true' }), texts.t(`connection.${state}`)]);
    },
  );
  app.watch(
    (shown) => [shown.state?.mode, shown.state?.writeInhibit],
    (now, inhibit) => {
      if (now === undefined) return;
      mode.className = `mode ${inhibit ? 'inhibited' : now}`;
      mode.title = inhibit ? texts.t('inhibit.on', { reason: inhibit.reason }) : texts.t(`mode.${now}.hint`);
      fill(mode, [
        icon(inhibit ? 'pause' : 'shield'),
        el('span', { class: 'quiet' }, `${texts.t('mode.label')} `),
        texts.t(`mode.${now}`),
        el('span', { class: 'visually-hidden' }, `: ${mode.title}`),
      ]);
    },
  );
  app.watch(
    (shown) => [shown.session],
    (session) => {
      const who = session?.person;
      const name = !who
        ? texts.t('header.readOnly')
        : who.authenticated
          ? `${who.personId} (${texts.t(`role.${who.role}`)})`
          : texts.t('header.demo');
      fill(person, [
        el('span', { class: 'who' }, [icon('person'), name]),
        who?.authenticated
          ? el('button', { class: 'button plain', type: 'button' }, texts.t('header.logout'), {
              click: () => void logOut(app),
            })
          : el('button', { class: 'button plain', type: 'button' }, texts.t('header.login'), {
              click: () => openLogin(app),
            }),
      ]);
    },
  );

  return el('header', { class: 'top' }, [
    el('div', { class: 'brand' }, [
      mark(),
      el('h1', {}, [site, el('span', { class: 'quiet' }, texts.t('page.title'))]),
    ]),
    clock,
    connection,
    el('div', { class: 'spacer' }),
    mode,
    languageSwitch(app, rebuild),
    el(
      'button',
      { type: 'button', class: 'icon-button', 'aria-label': texts.t('header.theme'), title: texts.t('header.theme') },
      [icon('theme', 16)],
      { click: () => switchTheme(rebuild) },
    ),
    person,
  ]);
}

function languageSwitch(app: App, rebuild: () => void): HTMLElement {
  const options = (Object.keys(languages) as Language[]).map((language) =>
    el(
      'button',
      { type: 'button', 'aria-pressed': String(app.texts.language === language), lang: language },
      languages[language],
      {
        click: () => {
          app.speak(language);
          rebuild();
        },
      },
    ),
  );
  return el('div', { class: 'segmented', role: 'group', 'aria-label': app.texts.t('header.language') }, options);
}

function switchTheme(rebuild: () => void): void {
  const { documentElement } = document;
  const dark = documentElement.dataset.theme
    ? documentElement.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  documentElement.dataset.theme = dark ? 'light' : 'dark';
  remember('theme', documentElement.dataset.theme);
  rebuild();
}

/** A millstone with its furrows. */
function mark(): SVGSVGElement {
  const furrows = [0, 60, 120, 180, 240, 300].map((angle) =>
    svg('path', { d: 'M12 9.500V3.6', transform: `rotate(${angle} 12 12)` }),
  );
  return svg(
    'svg',
    { class: 'mark', viewBox: '0 0 24 24', width: 24, height: 24, 'aria-hidden': 'true', fill: 'none' },
    [svg('circle', { cx: 12, cy: 12, r: 10 }), svg('circle', { cx: 12, cy: 12, r: 2.5 }), ...furrows],
  );
}
