import { Command } from 'commander';
import { systemClock } from '../../core/clock.ts';
import { exitCode } from '../../core/exit-code.ts';
import type { ServeEvent } from '../../serve/events.ts';
import { urlOf } from '../../serve/listen.ts';
import { startServer, type RunningServer } from '../../serve/start.ts';
import type { CliContext } from '../context.ts';
import { eventLine, versionText } from '../serving/event-line.ts';
import { tryRequest } from '../serving/try-request.ts';
import { addModelChoice, type ModelChoice } from '../serving/model-choice.ts';
import { openModelSource } from '../serving/open-model-source.ts';
import { addServeOptions, limitsOf, originsOf, type ServeWords } from '../serving/serve-options.ts';

/** How often the registry is asked what to serve: a promotion is followed within this and the time to load. */
const pollMs = 500;

/** `mlp serve`: answers requests with a model until it is told to end. */
export function command(context: CliContext): Command {
  const serve = new Command('serve').description(
    'Serve a registered model over HTTP and follow its promotions: POST /predict, Open Inference Protocol v2, MLflow /invocations. GET / lists the routes.',
  );
  return addServeOptions(addModelChoice(serve)).action(async (words: ServeWords & ModelChoice) => {
    await run(context, words);
  });
}

async function run(context: CliContext, words: ServeWords & ModelChoice): Promise<void> {
  const opened = await openModelSource(context, words, 'serve');
  if (!opened.ok) {
    context.finish(context.fail(opened.error));
    return;
  }
  const told = untilSignal();
  const server = await startServer({
    source: opened.value.source,
    address: { host: words.host, port: words.port },
    limits: limitsOf(words),
    origins: originsOf(words),
    version: context.version,
    pollMs,
    clock: systemClock,
    tell: (event) => {
      logEvent(context, event);
    },
  });
  if (!server.ok) {
    await opened.value.close();
    context.finish(context.fail(server.error));
    return;
  }
  announce(context, server.value, words.json === true);
  await told;
  await server.value.stop(words);
  await opened.value.close();
  context.finish(exitCode.done);
}

function announce(context: CliContext, server: RunningServer, json: boolean): void {
  const url = urlOf(server.address);
  const { name, version, stage } = server.first.version;
  if (json) context.out.write(`${JSON.stringify({ url, ...server.address, model: { name, version, stage } })}\n`);
  const example = `curl -s ${url}${tryRequest(server.first.model)}`;
  context.log.write(`serving ${versionText(server.first.version)} at ${url}\ntry: ${example}\n`);
}

function logEvent(context: CliContext, event: ServeEvent): void {
  const line = eventLine(event);
  if (line !== undefined) context.log.write(`${new Date(systemClock.now()).toISOString()} ${line}\n`);
}

/** The first SIGTERM or SIGINT, also while the model loads, asks for a clean end; one more does not wait for it. */
async function untilSignal(): Promise<void> {
  let asked = false;
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(exitCode.interrupted);
        asked = true;
        resolve();
      });
    }
  });
}
