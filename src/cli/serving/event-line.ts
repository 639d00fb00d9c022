import { assertNever } from '../../core/assert-never.ts';
import { failureMessage, failureNext, type Failure } from '../../core/failure.ts';
import type { ServeEvent } from '../../serve/events.ts';
import type { ServedVersion } from '../../serve/model-source.ts';

/** One line of the server's log; undefined for what is announced in another way. */
export function eventLine(event: ServeEvent): string | undefined {
  switch (event.type) {
    case 'model-loaded':
      return event.was === undefined
        ? undefined
        : `serving ${versionText(event.version)}, was ${versionText(event.was)}`;
    case 'model-failed': {
      const retry = `trying again in ${event.retryInMs / 1000} s`;
      return `cannot load ${versionText(event.version)}: ${failureText(event.failure)}; ${retry}, serving as before`;
    }
    case 'source-failed':
      return `cannot tell which model to serve: ${failureText(event.failure)}; serving as before`;
    case 'source-recovered':
      return 'knows again which model to serve';
    case 'internal-error':
      return `internal error at ${event.route}, please report: ${event.error}`;
    case 'draining':
      return `ending: readiness is 503, no new connections in ${event.seconds} s`;
    case 'stopped':
      return event.forced ? 'ended; requests that were still open were cut' : 'ended; every request was answered';
    default:
      return assertNever(event);
  }
}

/** `sentiment v3 (production)`, `sentiment (package)`. */
export const versionText = ({ name, version, stage }: ServedVersion): string =>
  `${name}${stage === 'package' ? '' : ` v${version}`} (${stage})`;

function failureText(problem: Failure): string {
  const next = failureNext(problem);
  return next === undefined ? failureMessage(problem) : `${failureMessage(problem)} (${next})`;
}
