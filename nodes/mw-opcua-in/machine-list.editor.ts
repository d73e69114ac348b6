import { button, type DialogText } from '../shared/dialog.editor.ts';

/** A machine that was chosen on the server, as the node keeps it. */
export interface ChosenMachine {
  nodeId: string;
  /** Its name in the plant (`equipmentId`). */
  name: string;
  profiles: string[];
  signals: { signal: string; nodeId: string }[];
}

/** A machine as the route answers it. */
interface FoundMachine extends ChosenMachine {
  manufacturer?: string;
  model?: string;
  serialNumber?: string;
}

/** The chosen machines as a person edits them. */
export interface MachineList {
  readonly element: JQuery;
  machines(): ChosenMachine[];
}

/**
 * Draws the machines: those of the server are found by the standard types of their parts, a person ticks them and gives
 * them the names that they have in the plant.
 */
export function openMachineList(
  text: DialogText,
  endpoint: () => string,
  given: readonly ChosenMachine[],
): MachineList {
  const chosen = new Map(given.map((machine) => [machine.nodeId, machine]));
  const found = new Map<string, FoundMachine>();
  const note = $('<div aria-live="polite">').css({ minHeight: '20px', margin: '4px 0' });
  const list = $('<div>');

  function draw(): void {
    list.empty();
    const all = new Map<string, FoundMachine>([...chosen, ...found]);
    if (all.size === 0) list.append($('<p>').text(text('noMachines')));
    for (const [nodeId, machine] of all) list.append(row(nodeId, machine));
  }

  function row(nodeId: string, machine: FoundMachine): JQuery {
    const name = $('<input type="text">')
      .attr({ 'aria-label': text('machineName') })
      .css({ width: '160px', margin: '0 8px' })
      .val(chosen.get(nodeId)?.name ?? machine.name)
      .on('change', () => {
        const known = chosen.get(nodeId);
        if (known) known.name = String(name.val()).trim() || machine.name;
      });
    const tick = $('<input type="checkbox">')
      .attr('aria-label', text('tickRow', { tag: machine.name }))
      .css({ width: 'auto', margin: 0 })
      .prop('checked', chosen.has(nodeId))
      .on('change', () => {
        const { profiles, signals } = machine;
        if (tick.prop('checked'))
          chosen.set(nodeId, { nodeId, name: String(name.val()).trim() || machine.name, profiles, signals });
        else chosen.delete(nodeId);
      });
    const plate = [machine.manufacturer, machine.model, machine.serialNumber].filter(Boolean).join(' · ');
    const profiles = machine.profiles.map((profile) => text(`profiles.${profile}`)).join(', ');
    return $('<div class="mw-tag-bar">').append(
      tick,
      name,
      $('<span>').text(profiles),
      $('<span>')
        .css({ color: 'var(--red-ui-secondary-text-color)', flexBasis: '100%', marginLeft: '32px' })
        .text(plate),
    );
  }

  function find(): void {
    note.text(text('browsing'));
    $.getJSON(`millwright/opcua/${endpoint()}/machines`)
      .done(({ machines, complete }: { machines: FoundMachine[]; complete: boolean }) => {
        found.clear();
        for (const machine of machines) found.set(machine.nodeId, machine);
        note.text(text(complete ? 'machinesFound' : 'machinesFoundSome', { count: String(machines.length) }));
        draw();
      })
      .fail((request: JQuery.jqXHR) => {
        const { message } = (request.responseJSON ?? {}) as { message?: string };
        const reason = message ?? request.statusText;
        note.text(request.status === 404 ? text('deployFirst') : text('failed', { reason }));
      });
  }

  draw();
  return {
    element: $('<div>').append(
      $('<p>').text(text('machinesAbout')),
      $('<div class="mw-tag-bar">').append(button(text('findMachines'), 'search', find)),
      note,
      list,
    ),
    machines: () => [...chosen.values()],
  };
}
