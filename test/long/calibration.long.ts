import { history } from '../demo/history-file.ts';
import { recoversTheTruth } from '../demo/recovered.ts';

describe("what calibration says of the demo plant's 90 days", () => {
  for (const seed of [1, 7])
    it(`is what the plant was made of, seed ${String(seed)}`, async () => {
      const written = await history(seed, 90);
      try {
        await recoversTheTruth(written, 0.85);
      } finally {
        await written.remove();
      }
    });
});
