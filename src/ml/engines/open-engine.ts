import { existsSync } from 'node:fs';
import type * as Koffi from 'koffi';
import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { engines, installedLibrary, libraryName, type Engine, type EngineName, type Environment } from './engine.ts';

/** A library that was opened. */
export interface OpenedEngine {
  readonly path: string;
  /** A function of the library by its declaration in C. */
  func(declaration: string): (...given: readonly unknown[]) => unknown;
  /** Where an array lies in memory. It stays there as long as something holds the array. */
  address(array: ArrayBufferView): bigint;
  /** Copies bytes from memory of the library's. */
  bytes(pointer: unknown, length: number): Uint8Array;
}

/** Opens an engine: the library that its variable names, else the installed one, else the system's own. */
export async function openEngine(name: EngineName, env: Environment = process.env): Promise<Result<OpenedEngine>> {
  const engine = engines[name];
  const named = env[engine.variable];
  const path = named ?? installedLibrary(engine, env);
  if (named !== undefined || existsSync(path)) return load(engine, path);
  const system = await load(engine, libraryName(engine));
  return system.ok ? system : err(failure('engine-missing', { engine: name, path, variable: engine.variable }));
}

async function load({ name }: Engine, path: string): Promise<Result<OpenedEngine>> {
  const unusable = (problem: string): Failure => failure('engine-unusable', { engine: name, path, problem });
  let koffi: typeof Koffi;
  try {
    // Its declarations describe the module as it is required, not the default that importing it gives.
    koffi = (await import('koffi')).default as unknown as typeof Koffi;
  } catch (error) {
    return err(unusable(`koffi, which calls it, cannot be loaded: ${(error as Error).message}`));
  }
  let library: Koffi.LibraryHandle;
  try {
    library = koffi.load(path);
  } catch (error) {
    return err(unusable((error as Error).message));
  }
  return ok({
    path,
    func: (declaration) => library.func(declaration),
    address: (array) => koffi.address(array),
    bytes: (pointer, length) => Uint8Array.from(koffi.decode(pointer, 'uint8_t', length) as Uint8Array),
  });
}
