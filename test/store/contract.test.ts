import { auditOfChanges } from './contract/audit.ts';
import { carryingOut } from './contract/carrying-out.ts';
import { historyAndEvents } from './contract/history-and-events.ts';
import { masterDataAndOrders } from './contract/master-data-and-orders.ts';
import { embeddedStore } from './contract/open-for-test.ts';
import { plansAndDecisions } from './contract/plans-and-decisions.ts';

const adapters = { embedded: embeddedStore };

for (const [name, open] of Object.entries(adapters))
  describe(`store (${name})`, () => {
    masterDataAndOrders(open);
    historyAndEvents(open);
    plansAndDecisions(open);
    carryingOut(open);
    auditOfChanges(open);
  });
