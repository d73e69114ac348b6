import type { NodeAPI } from 'node-red';
import { siteNode, type Mode } from '../../src/contracts/index.ts';
import { checkCalendar, type WorkCalendar } from '../../src/plant/index.ts';
import { addCatalogueRoute } from './catalogue-route.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';

/** What other nodes learn from their site. */
export interface SiteService extends NodeService {
  readonly enterprise: string;
  readonly site: string;
  readonly language: string;
  readonly calendar: WorkCalendar;
  /** The plant's changes of the KPI catalogue as JSON, read by the nodes that answer questions. */
  readonly kpiCatalogue: string;
  /** No use case acts above this mode here. */
  readonly highestMode: Mode;
}

export default function (RED: NodeAPI): void {
  addCatalogueRoute(RED);
  registerNode(RED, {
    definition: siteNode,
    create: ({ config }): SiteService => {
      const calendar: WorkCalendar = { timeZone: config.timeZone, shifts: config.shifts, holidays: config.holidays };
      checkCalendar(calendar);
      return {
        enterprise: config.enterprise,
        site: config.site,
        language: config.language,
        calendar,
        kpiCatalogue: config.kpiCatalogue,
        highestMode: config.highestMode,
      };
    },
  });
}
