export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** By so many pages of 64 KiB. */
  grow(pages: number): number;
}

/** The part of `globalThis` that Node's type declarations leave out. */
export interface WasmHost {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => SharedMemory;
    readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  };
}

/** What runs modules. */
export const { WebAssembly: wasm } = globalThis as unknown as WasmHost;
