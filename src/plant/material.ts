/** A product, component or raw material (IEC 62264-2 material definition). */
export interface MaterialDefinition {
  materialId: string;
  name: string;
  unit: string;
  /** Products of one family change over to each other faster; the setup matrix is written by family. */
  setupFamily?: string;
}

/** A quantity of one material at one place. A lot with a future `availableAt` is still on its way. */
export interface MaterialLot {
  lotId: string;
  materialId: string;
  quantity: number;
  unit: string;
  /** Instant in milliseconds since 1970 UTC from which it may be used. */
  availableAt: number;
  /**
   * Set while it is on its way and was announced: when it was first to arrive, in milliseconds since 1970 UTC.
   * Absent once it is there.
   */
  promisedAt?: number;
  /** Set while it should be there and is not: when it should have come; `availableAt` is assumed then. Never stored. */
  overdueSince?: number;
  locationId: string;
}
