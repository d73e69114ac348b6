interface DemoPlantNode {
  id: string;
  disruption: string;
  subject: string;
  minutes: number | string;
  _(key: string, params?: Record<string, string>): string;
}

declare const RED: { notify(text: string, options: { type: string }): void };

/** Asks the running plant for a disruption and says what became of it. */
function disturb(node: DemoPlantNode, kind: string, subject: string, minutes: number): void {
  $.ajax({
    url: `millwright/demo-plant/${node.id}`,
    method: 'POST',
    contentType: 'application/json',
    data: JSON.stringify({ kind, subject, durationSeconds: minutes * 60 }),
  })
    .done(() => {
      RED.notify(node._('form.sent', { kind, subject }), { type: 'success' });
    })
    .fail((request: JQuery.jqXHR) => {
      const { message } = (request.responseJSON ?? {}) as { message?: string };
      const reason = message ?? request.statusText;
      const text = request.status === 404 ? node._('form.deployFirst') : node._('form.failed', { reason });
      RED.notify(text, { type: 'error' });
    });
}

/** The node's button. */
export function onbutton(this: DemoPlantNode): void {
  disturb(this, this.disruption, this.subject, Number(this.minutes));
}

/** Adds a button to the dialog that disturbs with what stands there. */
export function oneditprepare(this: DemoPlantNode): void {
  const button = $('<button type="button" class="red-ui-button">').text(this._('form.now'));
  button.on('click', () => {
    const value = (field: string) => String($(`#node-input-${field}`).val());
    disturb(this, value('disruption'), value('subject'), Number(value('minutes')));
  });
  $('#node-input-minutes').closest('.form-row').append(' ', button);
}
