/** Message types of edge nodes and devices. */
type NodeMessage = 'NBIRTH' | 'NDEATH' | 'NDATA' | 'NCMD';
type DeviceMessage = 'DBIRTH' | 'DDEATH' | 'DDATA' | 'DCMD';

/** Whom a topic is about; a device message has a device. */
export interface EdgeTopic {
  type: NodeMessage | DeviceMessage;
  group: string;
  edge: string;
  device?: string;
}

const namespace = 'spBv1.0';
const nodeMessages = new Set(['NBIRTH', 'NDEATH', 'NDATA', 'NCMD']);
const deviceMessages = new Set(['DBIRTH', 'DDEATH', 'DDATA', 'DCMD']);

/** The topic of a message. */
export function topicOf({ type, group, edge, device }: EdgeTopic): string {
  return `${namespace}/${group}/${type}/${edge}${device === undefined ? '' : `/${device}`}`;
}

/** What a topic is about; nothing where it is none of an edge node or a device. */
export function parseTopic(topic: string): EdgeTopic | undefined {
  const [space, group, type, edge, device, ...rest] = topic.split('/');
  if (space !== namespace || !group || !type || !edge || rest.length > 0) return undefined;
  if (device === undefined && nodeMessages.has(type)) return { type: type as NodeMessage, group, edge };
  if (device && deviceMessages.has(type)) return { type: type as DeviceMessage, group, edge, device };
  return undefined;
}

/** Where a host application's state stands: by Sparkplug 3.0 first, by 2.2 second. */
export function stateTopicsOf(hostId: string): [string, string] {
  return [`${namespace}/STATE/${hostId}`, `STATE/${hostId}`];
}

/** Filters for everything that edge nodes and devices of some groups send; all groups where none is named. */
export function edgeFilters(groups: readonly string[]): string[] {
  const types = ['NBIRTH', 'NDEATH', 'NDATA'].map((type) => `${type}/+`);
  const all = [...types, ...['DBIRTH', 'DDEATH', 'DDATA'].map((type) => `${type}/+/+`)];
  return (groups.length > 0 ? groups : ['+']).flatMap((group) =>
    all.map((filter) => `${namespace}/${group}/${filter}`),
  );
}

/** Filters for the commands to an edge node and its devices. */
export function commandFilters(group: string, edge: string): string[] {
  return [topicOf({ type: 'NCMD', group, edge }), topicOf({ type: 'DCMD', group, edge, device: '+' })];
}

/** Whether a text may be a group, edge node, device or host id: not empty, one level, no wildcard. */
export function isId(text: string): boolean {
  return text.length > 0 && text.length <= 500 && !/[/+#\0]/.test(text);
}
