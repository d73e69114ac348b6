/** How far an operation is. */
export const waiting = 0;
export const started = 1;
export const ended = 2;
