import { seededRandom } from '../../src/kernel/index.ts';

const [layers, width, heads, inner, context] = [2, 64, 4, 128, 4096];
const alignment = 32;
/** Value types of GGUF version 3. */
const types = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const;

/**
 * A LLaMA model in GGUF version 3 with random weights and a vocabulary of bytes and printable signs: half a megabyte, for
 * tests of everything around a model. It knows nothing.
 */
export function tinyModel(seed = 1): Buffer {
  const tokens = [
    ...['<unk>', '<s>', '</s>'].map((text, index) => ({ text, type: index === 0 ? 2 : 3 })),
    ...Array.from({ length: 256 }, (_, byte) => ({
      text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      type: 6,
    })),
    ...Array.from({ length: 95 }, (_, sign) => ({ text: sign === 0 ? '▁' : String.fromCharCode(32 + sign), type: 1 })),
  ];
  const list = (type: number, values: Buffer[]) =>
    Buffer.concat([u32(types.array), u32(type), u64(values.length), ...values]);
  const settings: [string, Buffer][] = [
    ['general.architecture', text('llama')],
    ['general.name', text('tiny')],
    ['llama.context_length', number(context)],
    ['llama.embedding_length', number(width)],
    ['llama.block_count', number(layers)],
    ['llama.feed_forward_length', number(inner)],
    ['llama.attention.head_count', number(heads)],
    ['llama.attention.head_count_kv', number(heads)],
    ['llama.rope.dimension_count', number(width / heads)],
    ['llama.attention.layer_norm_rms_epsilon', Buffer.concat([u32(types.float32), f32(1e-5)])],
    ['llama.vocab_size', number(tokens.length)],
    ['tokenizer.ggml.model', text('llama')],
    [
      'tokenizer.ggml.tokens',
      list(
        types.string,
        tokens.map((token) => bytes(token.text)),
      ),
    ],
    [
      'tokenizer.ggml.scores',
      list(
        types.float32,
        tokens.map((_, index) => f32(-index)),
      ),
    ],
    [
      'tokenizer.ggml.token_type',
      list(
        types.int32,
        tokens.map((token) => u32(token.type)),
      ),
    ],
    ['tokenizer.ggml.bos_token_id', number(1)],
    ['tokenizer.ggml.eos_token_id', number(2)],
    ['tokenizer.ggml.unknown_token_id', number(0)],
  ];
  const block = (index: number): [string, number[]][] => [
    [`blk.${index}.attn_norm.weight`, [width]],
    ...['q', 'k', 'v', 'output'].map((part): [string, number[]] => [
      `blk.${index}.attn_${part}.weight`,
      [width, width],
    ]),
    [`blk.${index}.ffn_norm.weight`, [width]],
    [`blk.${index}.ffn_gate.weight`, [width, inner]],
    [`blk.${index}.ffn_up.weight`, [width, inner]],
    [`blk.${index}.ffn_down.weight`, [inner, width]],
  ];
  const tensors: [string, number[]][] = [
    ['token_embd.weight', [width, tokens.length]],
    ...Array.from({ length: layers }, (_, index) => block(index)).flat(),
    ['output_norm.weight', [width]],
    ['output.weight', [width, tokens.length]],
  ];
  const random = seededRandom(seed, 'gguf');
  let offset = 0;
  const data: Buffer[] = [];
  const infos = tensors.map(([name, sizes]) => {
    const values = Float32Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, () =>
      sizes.length === 1 ? 1 : 0.1 * random.normal(),
    );
    const info = Buffer.concat([bytes(name), u32(sizes.length), ...sizes.map(u64), u32(0), u64(offset)]);
    const body = padded(Buffer.from(values.buffer));
    offset += body.length;
    data.push(body);
    return info;
  });
  const pairs = settings.map(([key, value]) => Buffer.concat([bytes(key), value]));
  const head = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(settings.length), ...pairs, ...infos];
  return Buffer.concat([padded(Buffer.concat(head)), ...data]);
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function f32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}

function bytes(value: string): Buffer {
  const body = Buffer.from(value, 'utf8');
  return Buffer.concat([u64(body.length), body]);
}

function text(value: string): Buffer {
  return Buffer.concat([u32(types.string), bytes(value)]);
}

function number(value: number): Buffer {
  return Buffer.concat([u32(types.uint32), u32(value)]);
}

function padded(buffer: Buffer): Buffer {
  return Buffer.concat([buffer, Buffer.alloc((alignment - (buffer.length % alignment)) % alignment)]);
}
