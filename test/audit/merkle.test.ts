import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  MerkleTree,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/audit/index.ts';

/** The eight leaves and the values that Certificate Transparency's implementations publish and test with. */
const published = {
  leaves: ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'],
  roots: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
  inclusion: [
    { index: 0, size: 1, proof: [] },
    {
      index: 0,
      size: 8,
      proof: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      index: 5,
      size: 8,
      proof: [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
    { index: 2, size: 3, proof: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
    {
      index: 1,
      size: 5,
      proof: [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    },
  ],
  consistency: [
    { first: 1, second: 1, proof: [] },
    {
      first: 1,
      second: 8,
      proof: [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    },
    {
      first: 6,
      second: 8,
      proof: [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    },
    {
      first: 2,
      second: 5,
      proof: [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    },
  ],
};

const leaves = published.leaves.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));
const fromHex = (text: string) => Buffer.from(text, 'hex');

describe('audit: Merkle tree (RFC 6962)', () => {
  it('gives the published roots while it grows, also when taken up from a stored state', () => {
    let tree = new MerkleTree();
    published.roots.forEach((root, size) => {
      assert.equal(tree.root().toString('hex'), root, `root of ${size}`);
      tree = new MerkleTree(tree.size, tree.subtrees());
      if (size < leaves.length) tree.append(leaves[size]!);
    });
  });

  it('gives and accepts the published inclusion proofs', () => {
    for (const { index, size, proof } of published.inclusion) {
      const built = inclusionProof(leaves.slice(0, size), index);
      assert.deepEqual(
        built.map((hash) => hash.toString('hex')),
        proof,
      );
      assert.ok(verifyInclusion(leaves[index]!, index, size, proof.map(fromHex), fromHex(published.roots[size]!)));
    }
  });

  it('gives and accepts the published consistency proofs', () => {
    for (const { first, second, proof } of published.consistency) {
      const built = consistencyProof(leaves.slice(0, second), first);
      assert.deepEqual(
        built.map((hash) => hash.toString('hex')),
        proof,
      );
      const [a, b] = [published.roots[first]!, published.roots[second]!].map(fromHex);
      assert.ok(verifyConsistency(first, second, proof.map(fromHex), a!, b!));
    }
  });

  it('accepts every proof of trees up to 40 leaves and none for another place, leaf or root', () => {
    const many = Array.from({ length: 40 }, (_, i) => leafHash(`leaf ${i}`));
    for (let size = 1; size <= many.length; size++) {
      const part = many.slice(0, size);
      const root = rootOf(part);
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(part, index);
        assert.ok(verifyInclusion(part[index]!, index, size, proof, root));
        assert.ok(!verifyInclusion(part[index]!, (index + 1) % size, size, proof, root) || size === 1);
        assert.ok(!verifyInclusion(leafHash('other'), index, size, proof, root));
        const older = rootOf(part.slice(0, index + 1));
        const growth = consistencyProof(part, index + 1);
        assert.ok(verifyConsistency(index + 1, size, growth, older, root));
        assert.ok(!verifyConsistency(index + 1, size, growth, leafHash('other'), root));
        assert.ok(!verifyConsistency(index + 1, size, growth, older, leafHash('other')));
      }
    }
  });

  it('gives another root for any other list of leaves', () => {
    const list = fc.array(fc.string(), { maxLength: 30 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const equal = a.length === b.length && a.every((leaf, i) => leaf === b[i]);
        const roots = [a, b].map((texts) => rootOf(texts.map((leaf) => leafHash(leaf))));
        assert.equal(roots[0]!.equals(roots[1]!), equal);
      }),
    );
  });
});
