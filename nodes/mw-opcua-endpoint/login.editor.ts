import { button, type DialogText } from '../shared/dialog.editor.ts';

/** What the editor shows in place of a stored secret. */
const stored = '__PWRD__';

/** Shows the fields of the chosen login, and lets certificate and key come from files; a stored key is never shown. */
export function prepareLogin(text: DialogText): void {
  const login = $('#node-config-input-login');
  const show = () => {
    $('[data-login]').each((_index, part) => {
      $(part).toggle($(part).attr('data-login') === login.val());
    });
  };
  login.on('change', show);
  show();

  const secret = $('#node-config-input-privateKey');
  const key = $('#mw-opcua-endpoint-key');
  const before = String(secret.val());
  const isStored = before === stored;
  if (!isStored) key.val(before);
  key.attr('placeholder', text(isStored ? 'keyStored' : 'keyHint'));
  key.on('input change', () => {
    const typed = String(key.val());
    secret.val(typed === '' && isStored ? stored : typed).trigger('change');
  });
  $('#node-config-input-certificate').attr('placeholder', text('certificateHint'));
  $('[data-file-for]').each((_index, place) => {
    const field = $(`#${$(place).attr('data-file-for') ?? ''}`);
    const chooser = $('<input type="file" accept=".pem,.crt,.cer,.key">')
      .css('display', 'none')
      .on('change', function () {
        const [file] = (this as HTMLInputElement).files ?? [];
        if (file) void file.text().then((content) => field.val(content).trigger('change'));
      });
    $(place).append(
      chooser,
      button(text('fromFile'), 'folder-open-o', () => chooser.trigger('click')),
    );
  });
}
