import type { LadderMode, ModePorts } from './ports.ts';

const ladder: readonly LadderMode[] = ['shadow', 'advise', 'write'];

/** The mode that counts for a field of a use case: the one in force in the store, at most the site's highest. */
export async function effectiveMode(
  ports: ModePorts,
  { useCase, field, highestMode }: { useCase: string; field: string; highestMode: LadderMode },
): Promise<LadderMode> {
  const inForce = await ports.modeInForce(useCase, field);
  return ladder[Math.max(0, Math.min(ladder.indexOf(inForce), ladder.indexOf(highestMode)))]!;
}
