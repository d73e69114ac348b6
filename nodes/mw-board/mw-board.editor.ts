interface Person {
  personId: string;
  role: string;
  scrypt: string;
}
interface BoardNode {
  id: string;
  _(key: string): string;
}

const roles = ['viewer', 'planner', 'supervisor'];

/** Fills the dialog: a link to the board, and the people who may sign. Passwords are hashed by the runtime at once. */
export function oneditprepare(this: BoardNode): void {
  const text = (key: string) => this._(`form.${key}`);
  const field = $('#node-input-people');
  field.hide();
  const list = $('<ol id="mw-board-people">');
  field.after(list);
  list.editableList({
    removable: true,
    addButton: false,
    height: 160,
    removeItem() {
      setTimeout(store);
    },
    addItem(row: JQuery, _index: number, person: Person) {
      row.data('person', person);
      row.text(`${person.personId} – ${text(`roles.${person.role}`)}`);
    },
  });
  const store = () => {
    const people = list
      .editableList('items')
      .map(function (this: HTMLElement) {
        return $(this).data('person') as Person;
      })
      .get();
    field.val(JSON.stringify(people)).trigger('change');
  };
  const link = $('<a class="red-ui-button" target="_blank" rel="noopener">').text(text('open'));
  $.getJSON(`millwright/board/${this.id}/people`).done((known: { people: Person[]; url: string }) => {
    for (const person of known.people) list.editableList('addItem', person);
    link.attr('href', known.url);
  });
  const input = (kind: string, label: string) =>
    $('<input>')
      .attr({ type: kind, placeholder: label, 'aria-label': label, autocomplete: 'new-password' })
      .css({ width: '110px', marginRight: '6px' });
  const person = input('text', text('personId'));
  const password = input('password', text('password'));
  const role = $('<select>').css({ width: '120px', marginRight: '6px' }).attr('aria-label', text('role'));
  for (const name of roles)
    role.append(
      $('<option>')
        .val(name)
        .text(text(`roles.${name}`)),
    );
  const add = $('<button type="button" class="red-ui-button">').text(text('addPerson'));
  add.on('click', () => {
    const personId = String(person.val()).trim();
    const secret = String(password.val());
    if (!personId || !secret) return;
    $.ajax({
      url: 'millwright/board/hash',
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify({ password: secret }),
    }).done(({ scrypt }: { scrypt: string }) => {
      list.editableList('addItem', { personId, role: String(role.val()), scrypt });
      person.val('');
      password.val('');
      store();
    });
  });
  const row = $('<div class="form-row">').append(person, role, password, add);
  list.closest('.form-row').after(row);
  row.after($('<div class="form-row">').append(link));
}
