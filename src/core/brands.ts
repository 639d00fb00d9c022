declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** SHA-256 of a file's bytes, or of a directory's canonical manifest: 64 lower-case hex digits. */
export type ContentHash = Brand<string, 'ContentHash'>;
/** SHA-256 of a stage's canonical record (see plan/fingerprint.ts): 64 lower-case hex digits. */
export type Fingerprint = Brand<string, 'Fingerprint'>;
/** 32 lower-case hex digits, as MLflow's run ids. */
export type RunId = Brand<string, 'RunId'>;
/** The expanded name of a stage: `train`, `train@a`, `train@a-1`. */
export type StageName = Brand<string, 'StageName'>;

const sha256Pattern = /^[0-9a-f]{64}$/;
const runIdPattern = /^[0-9a-f]{32}$/;

export const isSha256 = (text: string): boolean => sha256Pattern.test(text);
export const isRunId = (text: string): text is RunId => runIdPattern.test(text);

/** For values that were checked, or just computed. */
export const asContentHash = (hex: string): ContentHash => hex as ContentHash;
export const asFingerprint = (hex: string): Fingerprint => hex as Fingerprint;
export const asRunId = (hex: string): RunId => hex as RunId;
export const asStageName = (name: string): StageName => name as StageName;
