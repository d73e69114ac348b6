import type { EquipmentLevel, InterruptionMode } from '../../plant/index.ts';

/** What names an operation of a routing's version. */
export interface OperationKey {
  work_master_id: string;
  version: string;
  segment_id: string;
}

/** A row of the table of equipment. */
export interface EquipmentRow {
  equipment_id: string;
  level: EquipmentLevel;
  parent_id?: string;
  equipment_class_id?: string;
  name?: string;
  batch_capacity?: number;
}

/** A row of the table of operations. */
export interface OperationRow extends OperationKey {
  material_id: string;
  sequence: number;
  name?: string;
  predecessors?: string[];
  qualification_id?: string;
  tool_ids?: string[];
  interruptible?: boolean;
  after_interruption?: InterruptionMode;
  most_lots?: number;
  least_lot_quantity?: number;
}

/** The tables of master data with the cells of a row, as `templates` describes them. */
export interface MasterData {
  plant: { enterprise: string; site: string; time_zone: string; transport_seconds: number };
  shifts: { shift_id: string; name?: string; start_local: string; end_local: string; weekdays: number[] };
  holidays: { local_date: string };
  equipment: EquipmentRow;
  persons: {
    person_id: string;
    shift_id?: string;
    qualification_ids?: string[];
    most_hours_per_day?: number;
    most_hours_per_week?: number;
  };
  tools: { tool_id: string; name?: string; copies: number };
  materials: { material_id: string; name?: string; unit?: string; setup_family?: string };
  operations: OperationRow;
  operation_equipment: OperationKey & { equipment_id: string; seconds_per_unit: number; seconds_per_batch?: number };
  operation_materials: OperationKey & { material_id: string; quantity_per_unit: number };
  operation_lags: OperationKey & {
    predecessor_id: string;
    min_seconds?: number;
    max_seconds?: number;
    transfer_quantity?: number;
  };
  setup_times: { equipment_class_id: string; from_family: string; to_family: string; seconds: number };
  transport_times: { from_line_id: string; to_line_id: string; seconds: number };
}
