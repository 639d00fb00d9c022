// The whole Reddit pipeline from nothing with a linear SVM: ours, and the peer's with DVC and scikit-learn.
import { alternate, printRatios } from './alternate.ts';
import { redditPipelines } from './reddit-pipeline.ts';

const { ours, peer } = redditPipelines();
const timings = alternate([ours, peer], Number(process.argv[2] ?? 5));
printRatios('Reddit from nothing, linear SVM', timings, 'mlp repro');
