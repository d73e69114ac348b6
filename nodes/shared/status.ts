import type { Node } from 'node-red';

/** The one vocabulary of node states. */
export type StatusKind = 'working' | 'connecting' | 'ok' | 'error' | 'idle';

const looks = {
  working: { fill: 'blue', shape: 'dot' },
  connecting: { fill: 'yellow', shape: 'ring' },
  ok: { fill: 'green', shape: 'dot' },
  error: { fill: 'red', shape: 'ring' },
  idle: { fill: 'grey', shape: 'ring' },
} as const;

/** Longest text under a node. */
const maxLength = 20;
/** At most two changes a second reach the editor. */
const periodMs = 500;

/** Shows a state under a node, the latest one winning, at most twice a second. */
export interface StatusDisplay {
  show: (this: void, kind: StatusKind, text?: string) => void;
  close(): void;
}

/** Opens the display of one node. */
export function openStatus(node: Node): StatusDisplay {
  let shown = '';
  let next: { kind: StatusKind; text: string } | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    if (!next) return;
    const { kind, text } = next;
    next = undefined;
    const key = `${kind} ${text}`;
    if (key === shown) return;
    shown = key;
    node.status({ ...looks[kind], text });
    timer = setTimeout(flush, periodMs);
  }
  return {
    show(kind, text = '') {
      next = { kind, text: text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text };
      if (!timer) flush();
    },
    close() {
      clearTimeout(timer);
      next = undefined;
    },
  };
}
