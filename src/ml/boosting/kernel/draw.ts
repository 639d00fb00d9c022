import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { at } from './pointers.ts';

const { i32, f64 } = valueType;
const { get, set, tee } = op;

/**
 * draw(seed, all, count, from, to, features, isOne, singles, out): `choose` of sampling.ts with `seededRandom(seed)`, of which those from..to - 1 are
 * listed, and have a 1. Gives the end of the list, which has room for one more; to out how many of it are below `singles`.
 */
export const draw: WasmFunction = {
  name: 'draw',
  parameters: [i32, i32, i32, i32, i32, i32, i32, i32, i32],
  results: [i32],
  locals: [i32, i32, i32, i32, f64],
  body: ((): Code => {
    const [state, all, left, from, to, features, isOne, singles, out] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
    const [feature, mixed, isDrawn, ownSingles, value] = [9, 10, 11, 12, 13] as const;
    const mix = (by: number): Code => [get(mixed), get(mixed), op.i32(by), op.shrU, op.xor];
    const random: Code = [
      [get(state), op.i32(0x6d2b79f5), op.add, tee(state)],
      [get(state), op.i32(15), op.shrU, op.xor, get(state), op.i32(1), op.or, op.mul, set(mixed)],
      [get(mixed), get(mixed), mix(7), get(mixed), op.i32(61), op.or, op.mul, op.add, op.xor, set(mixed)],
      [mix(14), op.toF64U, op.f64(2 ** -32), op.mulF64],
    ];
    return [
      op.whileBelow(feature, all, [
        [random, get(all), get(feature), op.sub, op.toF64U, op.mulF64, set(value)],
        [get(value), get(left), op.toF64, op.ltF64, set(isDrawn)],
        // How many are still to be drawn.
        [get(left), get(isDrawn), op.sub, set(left)],
        [get(isDrawn), get(feature), get(from), op.leastS, op.and, get(feature), get(to), op.ltS, op.and, set(isDrawn)],
        [get(features), get(feature), op.storeI32, get(isDrawn), at(features, 2), set(features)],
        [get(feature), at(isOne, 2), get(isDrawn), op.storeI32],
        [get(isDrawn), get(feature), get(singles), op.ltU, op.and, get(ownSingles), op.add, set(ownSingles)],
        [get(feature), op.i32(1), op.add, set(feature)],
      ]),
      [get(out), get(ownSingles), op.storeI32, get(features)],
    ];
  })(),
};
