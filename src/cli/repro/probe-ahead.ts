import type { EventSink } from '../../core/events.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { PackageProbe } from '../../registry/probe.ts';
import type { ProbeProcess } from '../processes/package-probe.ts';

/** What measures the models of a run. */
interface ProbeAhead {
  readonly hear: EventSink;
  readonly ask: PackageProbe;
  /** Ends a process that nobody asked. */
  close(): Promise<void>;
}

/** Starts the process that measures a package when a stage has made one, so that it is ready when the stages behind that are done. */
export function probeAhead({ config }: Project): ProbeAhead {
  const models = new Set(config.models.map(({ path }) => path));
  const options = { entry: process.argv[1] ?? '' };
  let started: Promise<ProbeProcess> | undefined;
  const start = async (): Promise<ProbeProcess> => {
    const { startProbe } = await import('../processes/package-probe.ts');
    return startProbe(options);
  };
  return {
    hear: (event) => {
      if (event.type !== 'stage-done' || event.action !== 'ran') return;
      if (event.outs.some(({ path }) => models.has(path))) started ??= start();
    },
    ask: async (request) => {
      const ready = await started;
      started = undefined;
      return (ready?.isWaiting() === true ? ready : await start()).ask(request);
    },
    close: async () => {
      (await started)?.end();
    },
  };
}
