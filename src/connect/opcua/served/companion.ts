import type { AddressSpace, UAObjectType } from 'node-opcua';
import { MillwrightError } from '../../../kernel/index.ts';

/** Namespaces of the companion specifications that machines are served by. */
export const companion = {
  di: 'http://opcfoundation.org/UA/DI/',
  machinery: 'http://opcfoundation.org/UA/Machinery/',
  machineryJobs: 'http://opcfoundation.org/UA/Machinery/Jobs/',
  isa95: 'http://opcfoundation.org/UA/ISA95-JOBCONTROL_V2/',
  packml: 'http://opcfoundation.org/UA/PackML/',
} as const;

/** Finds a type of a companion specification. @throws MW_INTERNAL where the nodeset does not have it */
export function objectType(addressSpace: AddressSpace, uri: string, name: string): UAObjectType {
  const type = addressSpace.getNamespace(uri).findObjectType(name);
  if (!type) throw new MillwrightError('MW_INTERNAL', { reason: `no type ${name} of ${uri}` });
  return type;
}
