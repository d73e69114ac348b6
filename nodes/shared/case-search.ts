import type { Advisor } from '../../src/language/index.ts';

/** Searches past cases of the maintenance log. */
export type CaseSearch = Advisor['searchCases'];

const searches = new Map<string, CaseSearch>();

/** Lets other nodes of the same store search the cases that this node knows; returns what takes it back. */
export function offerCaseSearch(storeId: string, search: CaseSearch): () => void {
  searches.set(storeId, search);
  return () => {
    if (searches.get(storeId) === search) searches.delete(storeId);
  };
}

/** The search over a store's cases, where some node offers one now. */
export function caseSearchOf(storeId: string): CaseSearch | undefined {
  return searches.get(storeId);
}
