import { op, type Code } from '../../wasm/wasm-module.ts';

const { get, set } = op;

/** base + 2, 4 or 8 times what is on the stack. */
export const at = (base: number, shift: 1 | 2 | 3): Code => [op.i32(shift), op.shl, get(base), op.add];
export const advance = (pointer: number, bytes: number): Code => [get(pointer), op.i32(bytes), op.add, set(pointer)];
