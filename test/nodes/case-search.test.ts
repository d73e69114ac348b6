import assert from 'node:assert/strict';
import { caseSearchOf, offerCaseSearch } from '../../nodes/shared/case-search.ts';

describe('the search over past cases', () => {
  it('is offered by store, replaced by a redeploy, and taken back only by who offered it last', () => {
    const search = () => Promise.resolve([]);
    const later = () => Promise.resolve([]);
    const end = offerCaseSearch('store', search);
    assert.equal(caseSearchOf('store'), search);
    assert.equal(caseSearchOf('other'), undefined);
    const endLater = offerCaseSearch('store', later);
    end();
    assert.equal(caseSearchOf('store'), later);
    endLater();
    assert.equal(caseSearchOf('store'), undefined);
  });
});
