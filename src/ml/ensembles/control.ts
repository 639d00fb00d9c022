import type { FitControl } from '../estimator.ts';

/** The control of a part of a fit: its progress comes under the part's name. */
export const partOf = (control: FitControl, part: string): FitControl => ({
  onProgress: (progress) => {
    const below = progress.part === undefined ? part : `${part}, ${progress.part}`;
    control.onProgress?.({ ...progress, part: below });
  },
  cancelled: () => control.cancelled?.() ?? false,
});
