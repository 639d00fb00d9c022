import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { exitCode } from '../../core/exit-code.ts';
import { failure } from '../../core/failure.ts';
import { err } from '../../core/result.ts';
import { readLabelledTexts } from '../../ml/data/labelled-texts.ts';
import { loadModelPackage } from '../../ml/package/load.ts';
import type { ProbeRequest } from '../../registry/probe.ts';
import type { CliContext } from '../context.ts';
import { measurePackages } from '../models/measure-packages.ts';

/**
 * `mlp __probe`: what processes/package-probe.ts starts. A ProbeRequest as JSON on standard input, the Result of its
 * measurement as JSON on standard output.
 */
export function command(context: CliContext): Command {
  return new Command('__probe').description('Measures model packages for mlp promote.').action(async () => {
    const request = JSON.parse(await text(process.stdin)) as ProbeRequest;
    const report = await measurePackages(request, {
      load: loadModelPackage,
      readTestSet: (testSet) =>
        existsSync(testSet.path)
          ? readLabelledTexts({ ...testSet, labels: null, columns: 'all' })
          : Promise.resolve(err(failure('test-set-missing', { path: testSet.path }))),
    });
    context.out.write(JSON.stringify(report));
    context.finish(exitCode.done);
  });
}
