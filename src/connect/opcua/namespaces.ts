/**
 * Resolves a node id text against a server's namespace array. `nsu=` ids are looked up by their URI; `ns=` ids keep
 * meaning the namespace that their index had when they were first used, also after a restart has shifted the indices.
 * @param first the namespace array of the first session
 * @param present the namespace array now
 * @returns the id with the present index, or undefined where the server no longer has the namespace
 */
export function resolveNamespace(
  nodeId: string,
  first: readonly string[],
  present: readonly string[],
): string | undefined {
  const byUri = /^nsu=(.+?);([isgb]=.*)$/s.exec(nodeId);
  if (byUri) return withIndex(present.indexOf(byUri[1]!), byUri[2]!);
  const byIndex = /^ns=(\d+);([isgb]=.*)$/s.exec(nodeId);
  if (!byIndex) return nodeId;
  const uri = first[Number(byIndex[1])];
  return uri === undefined ? nodeId : withIndex(present.indexOf(uri), byIndex[2]!);
}

function withIndex(index: number, identifier: string): string | undefined {
  return index < 0 ? undefined : `ns=${index};${identifier}`;
}

/** The same node id with its namespace's URI in place of the index; ids of namespace 0 stay as they are. */
export function withNamespaceUri(nodeId: string, namespaces: readonly string[]): string {
  const byIndex = /^ns=(\d+);([isgb]=.*)$/s.exec(nodeId);
  const uri = byIndex ? namespaces[Number(byIndex[1])] : undefined;
  return uri === undefined ? nodeId : `nsu=${uri};${byIndex![2]!}`;
}
