export { northfieldModel } from './northfield/model.ts';
