import { Type } from 'typebox';
import { Id, oneOf, strictObject } from '../../contracts/index.ts';
import { compileCheck, MillwrightError } from '../../kernel/index.ts';
import type { BoardRole } from '../view.ts';
import { parseHash } from './passwords.ts';

/** Somebody who may log in. */
export interface BoardPerson {
  personId: string;
  role: BoardRole;
  /** Hash of the password, as `hashPassword` makes it. */
  scrypt: string;
}

const checkPeople = compileCheck(
  Type.Array(
    strictObject({
      personId: Id,
      role: oneOf('viewer', 'planner', 'supervisor'),
      scrypt: Type.String({ maxLength: 400 }),
    }),
    { maxItems: 1_000 },
  ),
);

/**
 * Reads the list of people from the node's credential: a JSON array of `{personId, role, scrypt}`; empty text gives
 * nobody. Throws `MW_CONFIG_INVALID` with the place of the fault; no error ever holds a hash.
 */
export function parsePeople(text: string): BoardPerson[] {
  if (text.trim() === '') return [];
  const people = parseJson(text);
  const problem = checkPeople(people);
  if (problem) {
    const secret = problem.pointer.endsWith('/scrypt');
    throw invalid(problem.pointer, secret ? 'another text' : problem.found, problem.expected);
  }
  const list = people as BoardPerson[];
  list.forEach(({ personId, scrypt }, index) => {
    if (!parseHash(scrypt)) throw invalid(`/${index}/scrypt`, 'another text', 'a hash made by hashPassword');
    if (list.findIndex((other) => other.personId === personId) !== index)
      throw invalid(`/${index}/personId`, 'a person listed before', 'each person once');
  });
  return list;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('', 'a text that is no JSON', 'a JSON list of people');
  }
}

function invalid(pointer: string, found: string, expected: string): MillwrightError {
  return new MillwrightError('MW_CONFIG_INVALID', { pointer: `people${pointer}`, found, expected });
}

const ranks: readonly BoardRole[] = ['viewer', 'planner', 'supervisor'];

/** Whether a role includes another one's rights. */
export function includesRole(role: BoardRole, needed: BoardRole): boolean {
  return ranks.indexOf(role) >= ranks.indexOf(needed);
}
