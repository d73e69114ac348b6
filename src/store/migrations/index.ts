import { resources } from './0001-resources.ts';
import { definitions } from './0002-definitions.ts';
import { demandAndPlan } from './0003-demand-and-plan.ts';
import { execution } from './0004-execution.ts';
import { trust } from './0005-trust.ts';
import { kpiViews } from './0006-kpi-views.ts';
import { questions } from './0007-questions.ts';
import type { Migration } from './migration.ts';

/** All steps of the schema, in order. */
export const migrations: readonly Migration[] = [
  resources,
  definitions,
  demandAndPlan,
  execution,
  trust,
  kpiViews,
  questions,
];
