import type { ScenarioSet } from '../plant/index.ts';

/** What one signature says. Instants in milliseconds since 1970 UTC. */
export interface SignedApproval {
  approvalId: string;
  planId: string;
  /** Digest of exactly what was shown. */
  planDigest: string;
  decision: 'approved' | 'rejected';
  /** What the signature means; one that is `reviewed` decides nothing. */
  meaning: 'reviewed' | 'approved' | 'rejected';
  personId: string;
  role: string;
  /** False only for the demo plant on loopback; shown wherever the approval is. */
  authenticated: boolean;
  reason: string;
  signedAt: number;
}

/** Who signs. */
export interface Signer {
  personId: string;
  role: string;
  authenticated: boolean;
}

/** What signing needs of the plant's database; the store has this shape. */
export interface ApprovalPorts {
  findScenario(planId: string): Promise<{ set: ScenarioSet; index: number } | undefined>;
  inputsDigest(at: number, asOf?: number): Promise<string>;
  approvalsOf(planId: string): Promise<SignedApproval[]>;
  saveApproval(
    approval: SignedApproval,
    actor: { id: string; role: string; authenticated: boolean; correlationId?: string },
  ): Promise<void>;
}

/** What the ladder of modes needs of the plant's database; the store has this shape. */
export interface ModePorts {
  modeInForce(useCase: string, field: string): Promise<LadderMode>;
}

/** The ladder, lowest first: computed only, shown to people, entered into the MES. */
export type LadderMode = 'shadow' | 'advise' | 'write';
