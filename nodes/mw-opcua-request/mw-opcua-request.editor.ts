interface OpcuaRequestNode {
  nodeIds: string[];
  _(key: string): string;
}

/** Adds the nodes that are asked for where a message names none, one a line. */
export function oneditprepare(this: OpcuaRequestNode): void {
  const label = $('<label for="mw-opcua-request-nodes">').text(this._('form.nodeIds')).css({ width: '100%' });
  const list = $('<textarea id="mw-opcua-request-nodes" rows="5" spellcheck="false" wrap="off">')
    .css({ width: '100%', fontFamily: 'var(--red-ui-monospace-font)' })
    .attr('placeholder', this._('form.nodeIdsHint'))
    .val(this.nodeIds.join('\n'));
  $('#node-input-operation').closest('.form-row').after($('<div class="form-row">').append(label, list));
  const showRange = () => {
    $('#node-input-historyMinutes')
      .closest('.form-row')
      .toggle($('#node-input-operation').val() === 'history');
  };
  $('#node-input-operation').on('change', showRange);
  showRange();
}

/** Reads the list back into the node. */
export function oneditsave(this: OpcuaRequestNode): void {
  const lines = String($('#mw-opcua-request-nodes').val()).split('\n');
  this.nodeIds = lines.map((line) => line.trim()).filter((line) => line !== '');
}
