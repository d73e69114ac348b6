import type { NodeAPI } from 'node-red';
import { Type, type Static } from 'typebox';
import { Id, Instant, type Calibration, type CalibrationProposal } from '../../src/contracts/index.ts';
import { compileCheck, MillwrightError } from '../../src/kernel/index.ts';
import type { Actor } from '../../src/store/index.ts';
import { adminRoute, deployedService } from '../shared/admin.ts';

/** What the dialog shows: the newest comparison whole, and what has been accepted. */
export interface ShownCalibration {
  calibration?: Calibration;
  proposals: CalibrationProposal[];
  accepted: { key: string; personId: string; acceptedAt: string }[];
}

/** A running twin as the dialog's routes use it. */
export interface TwinService {
  shown(): Promise<ShownCalibration>;
  learn(): Promise<void>;
  accept(choice: Choice, actor: Actor): Promise<void>;
}

const subjects = Type.Array(Id, { maxItems: 1000 });
const Choice = Type.Object({ at: Instant, accept: subjects, withdraw: subjects }, { additionalProperties: false });
/** What a person chose, and the comparison that was on the screen. */
export type Choice = Static<typeof Choice>;
const checkChoice = compileCheck(Choice);

/** Routes of the dialog: look, compare anew, and put in force; the last needs the permission `mw.twin.write`. */
export function addCalibrationRoutes(RED: NodeAPI): void {
  const path = '/millwright/twin/:id';
  const service = (id: string | undefined) => deployedService<TwinService>(RED, 'mw-twin', id);
  adminRoute(RED, 'get', `${path}/calibration`, 'mw.twin.read', async ({ params }) =>
    (await service(params.id)).shown(),
  );
  adminRoute(RED, 'post', `${path}/calibration`, 'mw.twin.read', async ({ params }) => {
    const twin = await service(params.id);
    await twin.learn();
    return twin.shown();
  });
  adminRoute(RED, 'post', `${path}/accept`, 'mw.twin.write', async ({ params, body, user }) => {
    const problem = checkChoice(body);
    if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'accept', ...problem });
    const twin = await service(params.id);
    const id = user?.username;
    await twin.accept(body as Choice, { id: id ?? 'editor', role: 'editor', authenticated: id !== undefined });
    return twin.shown();
  });
}
