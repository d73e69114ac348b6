/** Settings that mean something with one encoding only. */
const byEncoding: Record<string, string[]> = {
  json: ['enterprise', 'site', 'area', 'template'],
  sparkplug: ['groupId', 'edgeNodeId', 'deviceLevel', 'primaryHostId', 'hostId', 'tagTemplate'],
};
const certificates = ['ca', 'cert', 'key'];

/** Puts the log-in beside the address, and shows only what the chosen encoding and a connection with TLS need. */
export function oneditprepare(): void {
  const field = (key: string) => $(`#node-config-input-${key}`);
  const row = (key: string) => field(key).closest('.form-row');
  row('protocol').after(...['user', 'password', ...certificates].map(row));
  const show = () => {
    const encoding = String(field('encoding').val());
    for (const [of, keys] of Object.entries(byEncoding)) for (const key of keys) row(key).toggle(of === encoding);
    const secured = /^\s*(mqtts|wss):/i.test(String(field('url').val()));
    for (const key of certificates) row(key).toggle(secured);
  };
  field('encoding').on('change', show);
  field('url').on('input change', show);
  show();
}
