import { ask, errorText, type DialogText } from '../shared/dialog.editor.ts';
import { openAllowList, type AllowedRow } from './allow-list.editor.ts';
import { badge, cardStyle, type Badge } from './certificate-card.editor.ts';
import { openDiscovery } from './discovery.editor.ts';
import { prepareLogin } from './login.editor.ts';
import { openTrustLists } from './trust-list.editor.ts';
import { openTrustStore, type TrustStore } from './trust-store.editor.ts';

interface EndpointNode {
  id: string;
  allowList: AllowedRow[];
  _(key: string, params?: Record<string, string>): string;
}

interface DeployedState {
  state: string;
  problem?: { code: string; params: Record<string, string> };
}

declare const RED: {
  tabs: {
    create(options: { element: JQuery; onchange: (tab: { id: string }) => void }): {
      addTab(tab: { id: string; label: string }): void;
    };
  };
};

const style = `${cardStyle}
.mw-beside { display: inline-flex; gap: 6px; align-items: flex-start; width: calc(100% - 130px); }
.mw-beside > input[type=text], .mw-beside > textarea { flex: 1; width: auto; min-width: 0; margin: 0; }
.mw-beside > textarea { font-family: var(--red-ui-monospace-font, monospace); font-size: 0.85em; }
.mw-beside .red-ui-button { white-space: nowrap; }
#mw-opcua-endpoint-connection .form-row > label, .mw-endpoint-name label { width: 120px; }
#mw-opcua-endpoint-connection .form-row > input, #mw-opcua-endpoint-connection .form-row > select { width: calc(100% - 130px); }
#mw-opcua-endpoint-state { display: inline-block; width: calc(100% - 130px); vertical-align: top; }
.mw-offer { display: grid !important; grid-template-columns: auto minmax(0, 1fr); gap: 8px; align-items: baseline;
  width: auto !important; margin: 0; padding: 3px 0; }
.mw-offer input { width: auto !important; margin: 0 !important; }
.mw-offer > span { display: flex; flex-wrap: wrap; gap: 0 8px; }
.form-tips.mw-warned { max-width: none; border-left: 4px solid var(--red-ui-text-color-warning); margin-bottom: 10px; }
.mw-tick { width: auto !important; margin: 0 6px 0 0 !important; vertical-align: baseline !important; }
.mw-tick-label { display: inline !important; width: auto !important; }
.mw-allow { display: grid; grid-template-columns: 110px minmax(0, 1fr); gap: 4px; }
.mw-allow select, .mw-allow > input { grid-column: 2; width: 100% !important; margin: 0; }
.mw-allow select { grid-column: 1; }
.mw-limits { grid-column: 2; display: flex; gap: 4px; }
.mw-limits input { flex: 1 1 0; min-width: 0; width: auto !important; margin: 0; }
`;
const statePeriodMs = 2_000;

let allowed: (() => AllowedRow[]) | undefined;
let stateTimer: number | undefined;

/** Fills the dialog: connection with discovery and login, certificates, and what may be written. */
export function oneditprepare(this: EndpointNode): void {
  const text: DialogText = (key, params = {}) => this._(`form.${key}`, params);
  const parts = ['connection', 'certificates', 'writing'];
  const part = (name: string) => $(`#mw-opcua-endpoint-${name}`);
  part('connection').before($('<style>').text(style));
  const tabs = RED.tabs.create({
    element: part('tabs'),
    onchange: ({ id }) => {
      for (const name of parts) part(name).toggle(name === id);
    },
  });
  for (const name of parts) tabs.addTab({ id: name, label: text(`tabs.${name}`) });

  const security = $('#node-config-input-security');
  const warnUnsecured = () => part('unsecured').toggle(security.val() === 'none');
  security.on('change', warnUnsecured);
  warnUnsecured();
  prepareLogin(text);

  const lists = openTrustLists(this, text, () => store);
  const store: TrustStore = openTrustStore(this, lists.draw);
  part('certificates').append(lists.element);
  void store.load();
  const url = () => String($('#node-config-input-endpointUrl').val()).trim();
  const discovery = openDiscovery(this, text, store, { url, security });
  part('discover').append(discovery.button);
  part('found').append(discovery.results);

  allowed = openAllowList(text, part('allow'), this.allowList);
  const showState = async () => {
    const state = await deployedState(this, text);
    part('state')
      .empty()
      .append(badge(state.badge), ...(state.reason ? [$('<p>').text(state.reason)] : []));
  };
  void showState();
  stateTimer = window.setInterval(() => void showState(), statePeriodMs);
}

/** Reads the allow list back into the node. */
export function oneditsave(this: EndpointNode): void {
  if (allowed) this.allowList = allowed();
  forget();
}

/** Ends what the dialog started. */
export function oneditcancel(): void {
  forget();
}

/** Ends what the dialog started. */
export function oneditdelete(): void {
  forget();
}

function forget(): void {
  window.clearInterval(stateTimer);
  allowed = undefined;
}

/** How the deployed endpoint does, which may still have other settings than the dialog. */
async function deployedState(node: EndpointNode, text: DialogText): Promise<{ badge: Badge; reason?: string }> {
  try {
    const { state, problem } = await ask<DeployedState>(node, 'GET', `opcua/${encodeURIComponent(node.id)}/state`);
    const kinds: Record<string, Badge['kind']> = { online: 'good', failed: 'bad', undeployed: 'plain', idle: 'plain' };
    const kind = kinds[state] ?? 'warning';
    return { badge: { kind, text: text(`states.${state}`) }, ...(problem ? { reason: errorText(node, problem) } : {}) };
  } catch (failed) {
    return { badge: { kind: 'bad', text: text('states.unknown') }, reason: (failed as Error).message };
  }
}
