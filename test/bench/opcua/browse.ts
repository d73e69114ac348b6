import { BrowseDirection, OPCUAClient, type ClientSession, type ReferenceDescription } from 'node-opcua-client';

const hierarchical = 'HierarchicalReferences';
const objectsAndVariables = 3;
const variableClass = 2;
const hasProperty = 'i=46';

/** Node ids of the variables below a folder and its subfolders, in the order in which they are found. */
export async function variablesBelow(endpointUrl: string, folderId: string, most: number): Promise<string[]> {
  const client = OPCUAClient.create({ endpointMustExist: false });
  await client.connect(endpointUrl);
  try {
    const session = await client.createSession();
    const seen = new Set([folderId]);
    const found: string[] = [];
    for (let level = [folderId]; level.length > 0 && found.length < most;) {
      const next: string[] = [];
      for (const nodeId of level)
        for (const { nodeId: child, nodeClass, referenceTypeId } of await childrenOf(session, nodeId)) {
          const id = child.toString();
          if (seen.has(id) || referenceTypeId.toString() === hasProperty) continue;
          seen.add(id);
          if ((nodeClass as number) === variableClass) found.push(id);
          else next.push(id);
        }
      level = next;
    }
    await session.close();
    if (found.length === 0) throw new Error(`no variables below ${folderId}`);
    return found.slice(0, most);
  } finally {
    await client.disconnect();
  }
}

async function childrenOf(session: ClientSession, nodeId: string): Promise<ReferenceDescription[]> {
  const children: ReferenceDescription[] = [];
  let result = await session.browse({
    nodeId,
    referenceTypeId: hierarchical,
    browseDirection: BrowseDirection.Forward,
    includeSubtypes: true,
    nodeClassMask: objectsAndVariables,
    resultMask: 63,
  });
  for (;;) {
    children.push(...(result.references ?? []));
    const more = result.continuationPoint as Buffer | null;
    if (!more?.length) return children;
    result = await session.browseNext(more, false);
  }
}
