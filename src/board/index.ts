export { createBoard, type Board } from './server/board.ts';
export type { BoardOptions, BoardStore } from './server/options.ts';
export { hashPassword } from './server/passwords.ts';
export { parsePeople, type BoardPerson } from './server/people.ts';
export type { BoardChange, BoardMode, BoardRole } from './view.ts';
