import type {
  AddressSpace,
  ExtensionObject,
  UAMethod,
  UAObject,
  UAVariable,
  Variant,
  VariantOptions,
} from 'node-opcua';
import type { ServerLibrary } from '../server.ts';
import { companion } from './companion.ts';
import { jobStates, type JobState, type ServedJob } from './description.ts';
import { jobCommands, JobList, mostReceived, returnStatus, type JobCommand } from './job-list.ts';
import { stateSetter } from './state-machine.ts';

const storingMethods = ['Store', 'StoreAndStart', 'Update'] as const;

/** A job order that changed by a client's method, or began. */
export interface JobChange {
  command: string;
  jobOrderId: string;
  state: JobState | 'removed';
}

/** Where job management is served, and who hears of it. */
export interface JobControlOptions {
  ua: ServerLibrary;
  addressSpace: AddressSpace;
  /** A JobManagementType object (OPC 40001-3) with every method of its receiver. */
  management: UAObject;
  equipmentId: string;
  onChange(change: JobChange): void;
}

/** Job management of one machine (OPC 40001-3 over OPC 10031-4): its list, the methods, and responses on request. */
export class JobControl {
  /** Methods of the receiver, to be instantiated with it. */
  static readonly methods = [...storingMethods, ...jobCommands];
  private readonly options: JobControlOptions;
  private readonly list = new JobList();
  private readonly setState: (state: string, atMs: number) => void;
  private readonly receiver: UAObject;
  private readonly provider: UAObject;
  private running = false;
  private nowMs = 0;

  constructor(options: JobControlOptions) {
    const { ua, management, equipmentId } = options;
    this.options = options;
    this.receiver = management.getChildByName('JobOrderControl') as UAObject;
    this.provider = management.getChildByName('JobOrderResults') as UAObject;
    this.setState = stateSetter(ua, this.receiver);
    const strings = (name: string, value: string[]) => {
      const variant = { dataType: ua.DataType.String, arrayType: ua.VariantArrayType.Array, value };
      (this.receiver.getChildByName(name) as UAVariable).setValueFromSource(variant);
    };
    strings('EquipmentID', [equipmentId]);
    for (const name of ['MaterialClassID', 'MaterialDefinitionID', 'PersonnelID', 'PhysicalAssetID']) strings(name, []);
    this.setObjects(this.receiver, 'WorkMaster', []);
    (this.receiver.getChildByName('MaxDownloadableJobOrders') as UAVariable).setValueFromSource({
      dataType: ua.DataType.UInt16,
      value: mostReceived,
    });
    for (const method of storingMethods)
      this.bind(this.receiver, method, ([order]) => ({ status: this.store(method, order!) }));
    for (const command of jobCommands)
      this.bind(this.receiver, command, ([id]) => ({ status: this.command(command, String(id?.value ?? '')) }));
    this.bind(this.provider, 'RequestJobResponseByJobOrderID', ([id]) => {
      const job = this.list.jobs.find(({ jobOrderId }) => jobOrderId === id?.value);
      const value = job ? this.response(job) : null;
      return {
        status: job ? returnStatus.noError : returnStatus.unknownJobOrder,
        first: { dataType: ua.DataType.ExtensionObject, value },
      };
    });
    this.bind(this.provider, 'RequestJobResponseByJobOrderState', ([states]) => {
      const [top] = (states?.value ?? []) as { stateNumber?: number }[];
      const wanted = jobStates[(top?.stateNumber ?? 0) - 1];
      const value = this.list.jobs.filter(({ state }) => state === wanted).map((job) => this.response(job));
      return {
        status: wanted ? returnStatus.noError : returnStatus.invalidStatus,
        first: { dataType: ua.DataType.ExtensionObject, arrayType: ua.VariantArrayType.Array, value },
      };
    });
    this.show();
  }

  /** Replaces the plant's own job orders. */
  plan(jobs: readonly ServedJob[], atMs: number): void {
    this.nowMs = atMs;
    this.list.plan(jobs);
    this.show();
  }

  /** Whether the machine is fit to run what clients allowed to start. */
  setMachine(running: boolean, atMs: number): void {
    this.running = running;
    this.nowMs = Math.max(this.nowMs, atMs);
    if (this.begin()) this.show();
  }

  private store(method: (typeof storingMethods)[number], { value }: Variant): number {
    const order = value as { jobOrderID?: string | null; priority?: number } | null;
    const jobOrderId = order?.jobOrderID ?? '';
    const job = { jobOrderId, ...(order?.priority === undefined ? {} : { priority: order.priority }) };
    const status = method === 'Update' ? this.list.update(job) : this.list.store(job, method === 'StoreAndStart');
    this.tell(method, jobOrderId, status);
    return status;
  }

  private command(command: JobCommand, jobOrderId: string): number {
    const status = this.list.command(command, jobOrderId);
    this.tell(command, jobOrderId, status);
    return status;
  }

  private tell(command: string, jobOrderId: string, status: number): void {
    if (status !== returnStatus.noError) return;
    this.options.onChange({ command, jobOrderId, state: this.stateOf(jobOrderId) });
    this.begin();
    this.show();
  }

  private begin(): boolean {
    const begun = this.running ? this.list.begin(this.nowMs) : undefined;
    if (begun) this.options.onChange({ command: 'begin', jobOrderId: begun.jobOrderId, state: begun.state });
    return begun !== undefined;
  }

  private stateOf(id: string): JobState | 'removed' {
    return this.list.jobs.find(({ jobOrderId }) => jobOrderId === id)?.state ?? 'removed';
  }

  private show(): void {
    const { jobs } = this.list;
    const orders = jobs.map((job) => this.orderAndState(job));
    const responses = jobs
      .filter(({ state }) => state !== 'NotAllowedToStart' && state !== 'AllowedToStart')
      .map((job) => this.response(job));
    this.setObjects(this.receiver, 'JobOrderList', orders);
    this.setObjects(this.provider, 'JobOrderResponseList', responses);
    const current = jobs.find(({ state }) => state === 'Running') ?? jobs[0];
    this.setState(current?.state ?? '', this.nowMs);
  }

  private setObjects(parent: UAObject, name: string, value: ExtensionObject[]): void {
    const { ua } = this.options;
    const variant = { dataType: ua.DataType.ExtensionObject, arrayType: ua.VariantArrayType.Array, value };
    const at = this.nowMs > 0 ? new Date(this.nowMs) : undefined;
    (parent.getChildByName(name) as UAVariable).setValueFromSource(variant, ua.StatusCodes.Good, at);
  }

  private construct(type: string, fields: Record<string, unknown>): ExtensionObject {
    const { addressSpace } = this.options;
    const index = addressSpace.getNamespaceIndex(companion.isa95);
    return addressSpace.constructExtensionObject(addressSpace.findDataType(type, index)!, fields);
  }

  private states(state: JobState): ExtensionObject[] {
    return [
      this.construct('ISA95StateDataType', {
        browsePath: { elements: [] },
        stateText: { text: state, locale: 'en' },
        stateNumber: jobStates.indexOf(state) + 1,
      }),
    ];
  }

  private orderAndState({ state, ...job }: ServedJob): ExtensionObject {
    const jobOrder = this.construct('ISA95JobOrderDataType', {
      jobOrderID: job.jobOrderId,
      ...(job.workMasterId === undefined
        ? {}
        : { workMasterID: [this.construct('ISA95WorkMasterDataType', { ID: job.workMasterId })] }),
      ...(job.start === undefined ? {} : { startTime: new Date(job.start) }),
      ...(job.end === undefined ? {} : { endTime: new Date(job.end) }),
      ...(job.priority === undefined ? {} : { priority: job.priority }),
      equipmentRequirements: [this.construct('ISA95EquipmentDataType', { ID: this.options.equipmentId })],
      ...this.material('materialRequirements', job),
    });
    return this.construct('ISA95JobOrderAndStateDataType', { jobOrder, state: this.states(state) });
  }

  private response({ state, ...job }: ServedJob): ExtensionObject {
    return this.construct('ISA95JobResponseDataType', {
      jobResponseID: `${job.jobOrderId}/response`,
      jobOrderID: job.jobOrderId,
      ...(job.start === undefined ? {} : { startTime: new Date(job.start) }),
      ...(job.end === undefined ? {} : { endTime: new Date(job.end) }),
      jobState: this.states(state),
    });
  }

  private material(field: string, { materialId, quantity }: Omit<ServedJob, 'state'>): Record<string, unknown> {
    if (materialId === undefined) return {};
    const fields = {
      materialDefinitionID: materialId,
      materialUse: 'Produced',
      ...(quantity === undefined ? {} : { quantity: String(quantity) }),
    };
    return { [field]: [this.construct('ISA95MaterialDataType', fields)] };
  }

  private bind(
    owner: UAObject,
    name: string,
    work: (inputs: Variant[]) => { status: number; first?: VariantOptions },
  ): void {
    const { ua } = this.options;
    const method = owner.getChildByName(name) as UAMethod;
    method.bindMethod((inputs, _context, callback) => {
      const { status, first } = work(inputs);
      const returned = {
        dataType: ua.DataType.UInt64,
        arrayType: ua.VariantArrayType.Scalar,
        value: ua.coerceUInt64(String(status)),
      };
      callback(null, { statusCode: ua.StatusCodes.Good, outputArguments: first ? [first, returned] : [returned] });
    });
  }
}
