const shared = /^\$share\/([^/+#]+)\/(.+)$/s;

/** The group of a shared subscription (`$share/<group>/<filter>`) and the filter within. */
export function sharedFilter(filter: string): { group: string; filter: string } | undefined {
  const found = shared.exec(filter);
  return found ? { group: found[1]!, filter: found[2]! } : undefined;
}

/** Whether a text may be published to: not empty, no wildcard, no NUL, at most 65,535 bytes (MQTT 5, 4.7). */
export function isTopicName(topic: string): boolean {
  return topic.length > 0 && !/[+#\0]/.test(topic) && Buffer.byteLength(topic) <= 65_535;
}

/** Whether a text may be subscribed to: wildcards stand alone between slashes, `#` only at the end (MQTT 5, 4.7.1). */
export function isTopicFilter(text: string): boolean {
  const filter = text.startsWith('$share/') ? sharedFilter(text)?.filter : text;
  if (!filter || filter.includes('\0') || Buffer.byteLength(text) > 65_535) return false;
  const levels = filter.split('/');
  return levels.every(
    (level, at) => level === '+' || (level === '#' && at === levels.length - 1) || !/[+#]/.test(level),
  );
}

/** Makes the test whether a topic matches a filter (MQTT 5, 4.7); of a shared subscription the filter within counts. */
export function topicMatcher(text: string): (topic: string) => boolean {
  const filter = sharedFilter(text)?.filter ?? text;
  if (!/[+#]/.test(filter)) return (topic) => topic === filter;
  const levels = filter.split('/');
  const open = levels.at(-1) === '#';
  if (open) levels.pop();
  const wildStart = filter.startsWith('+') || filter.startsWith('#');
  return (topic) => {
    if (wildStart && topic.startsWith('$')) return false;
    const parts = topic.split('/');
    if (open ? parts.length < levels.length : parts.length !== levels.length) return false;
    return levels.every((level, at) => level === '+' || level === parts[at]);
  };
}
