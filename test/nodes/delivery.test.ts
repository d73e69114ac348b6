import assert from 'node:assert/strict';
import { confirmDelivery, registerSource } from '../../nodes/shared/delivery.ts';

describe('register of confirmed delivery', () => {
  it('brings a confirmation to the source that has the queue, and to no other', () => {
    const heard: string[] = [];
    const forgetA = registerSource('a', { confirm: (offset) => heard.push(`a${offset}`) });
    const forgetB = registerSource('b', { confirm: (offset) => heard.push(`b${offset}`) });
    confirmDelivery({ queue: 'a', offset: 3 });
    confirmDelivery({ queue: 'b', offset: 4, duplicate: true });
    confirmDelivery({ queue: 'nobody', offset: 5 });
    confirmDelivery(undefined);
    assert.deepEqual(heard, ['a3', 'b4']);
    forgetA();
    confirmDelivery({ queue: 'a', offset: 6 });
    assert.deepEqual(heard, ['a3', 'b4']);
    forgetB();
  });

  it('keeps the new source of a queue when the old one leaves late', () => {
    const heard: string[] = [];
    const forgetOld = registerSource('a', { confirm: () => heard.push('old') });
    const forgetNew = registerSource('a', { confirm: () => heard.push('new') });
    forgetOld();
    confirmDelivery({ queue: 'a', offset: 0 });
    assert.deepEqual(heard, ['new']);
    forgetNew();
    confirmDelivery({ queue: 'a', offset: 0 });
    assert.deepEqual(heard, ['new']);
  });
});
