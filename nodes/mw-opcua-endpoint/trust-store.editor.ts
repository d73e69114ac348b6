import { ask, type Translating } from '../shared/dialog.editor.ts';
import type { ShownCertificate } from './certificate-card.editor.ts';

/** This Node-RED's certificates, as the routes give them. */
export interface TrustList {
  trusted: ShownCertificate[];
  rejected: ShownCertificate[];
  issuers: ShownCertificate[];
  own: (ShownCertificate & { base64: string })[];
}

/** The certificates behind a dialog: one copy, which every part of it draws from. */
export interface TrustStore {
  list(): TrustList;
  load(): Promise<void>;
  decide(action: 'accept' | 'reject' | 'forget', fingerprint: string): Promise<void>;
  importFile(base64: string): Promise<void>;
  renew(): Promise<void>;
}

/** Opens the store; `changed` is called with each new state, and with the error where something failed. */
export function openTrustStore(node: Translating, changed: (list: TrustList, error?: Error) => void): TrustStore {
  let present: TrustList = { trusted: [], rejected: [], issuers: [], own: [] };
  async function update(method: 'GET' | 'POST', path: string, body?: object): Promise<void> {
    try {
      present = await ask<TrustList>(node, method, `opcua/certificates${path}`, body);
      changed(present);
    } catch (failed) {
      changed(present, failed as Error);
    }
  }
  return {
    list: () => present,
    load: () => update('GET', ''),
    decide: (action, fingerprint) => update('POST', `/${action}`, { fingerprint }),
    importFile: (base64) => update('POST', '/import', { base64 }),
    renew: () => update('POST', '/renew', {}),
  };
}
