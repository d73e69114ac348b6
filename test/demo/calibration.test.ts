import { history } from './history-file.ts';
import { recoversTheTruth } from './recovered.ts';

describe("what calibration says of the demo plant's 30 days", () => {
  it('is what the plant was made of', async () => {
    const written = await history(11, 30);
    try {
      await recoversTheTruth(written, 0.85);
    } finally {
      await written.remove();
    }
  });
});
