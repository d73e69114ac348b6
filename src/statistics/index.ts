export {
  cumulative,
  families,
  meanLogOf,
  meanOf,
  quantile,
  survival,
  type Distribution,
  type Family,
} from './distribution.ts';
export { estimate, fitLaw, fitLaws, type Estimate, type Fit, type Quantity } from './fit.ts';
export { andersonDarling, goodnessOfFit, type GoodnessOfFit } from './goodness-of-fit.ts';
export { kaplanMeier, type SurvivalStep } from './kaplan-meier.ts';
export type { Lifetime } from './likelihood.ts';
export { countPValue, holm, meanPValue } from './tests.ts';
export { wilsonInterval, wilsonLowerBound } from './wilson.ts';
