import { auditOfChanges } from './contract/audit.ts';
import { carryingOut } from './contract/carrying-out.ts';
import { feedbackAndVerifiedQuestions } from './contract/feedback.ts';
import { historyAndEvents } from './contract/history-and-events.ts';
import { masterDataAndOrders } from './contract/master-data-and-orders.ts';
import { embeddedStore, postgresStore, type StoreForTest } from './contract/open-for-test.ts';
import { plansAndDecisions } from './contract/plans-and-decisions.ts';
import { postgresIsInstalled, startPostgres, type PostgresServer } from './postgres-server.ts';

function contract(open: StoreForTest): void {
  masterDataAndOrders(open);
  historyAndEvents(open);
  plansAndDecisions(open);
  carryingOut(open);
  auditOfChanges(open);
  feedbackAndVerifiedQuestions(open);
}

describe('store (embedded)', () => {
  contract(embeddedStore);
});

(postgresIsInstalled ? describe : describe.skip)('store (PostgreSQL)', () => {
  let server: PostgresServer;
  before(async () => (server = await startPostgres()));
  after(() => server.stop());
  contract(postgresStore(() => server));
});
