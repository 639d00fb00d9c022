import { Option, InvalidArgumentError, type Command } from 'commander';
import { defaultLimits, type Limits } from '../../serve/limits.ts';

/** What commander hands to the action; limits under their own names. */
export interface ServeWords extends Limits {
  readonly port: number;
  readonly host: string;
  readonly drainSeconds: number;
  readonly graceSeconds: number;
  readonly corsOrigin?: readonly string[];
  readonly json?: boolean;
}

interface NumberOption {
  readonly flag: string;
  readonly says: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Whole numbers only, unless said. */
  readonly fraction?: true;
}

/** The largest timeout that a timer takes, in seconds. */
const day = 86_400;

const numbers: readonly NumberOption[] = [
  { flag: '--port <n>', says: 'port to listen on; 0 takes a free one', value: 8000, min: 0, max: 65_535 },
  {
    flag: '--drain-seconds <s>',
    says: 'how long readiness says 503 before connections are refused; behind a load balancer, more than check interval x fall',
    value: 0.25,
    min: 0,
    max: day,
    fraction: true,
  },
  {
    flag: '--grace-seconds <s>',
    says: 'how long open requests may take after that',
    value: 8,
    min: 0,
    max: day,
    fraction: true,
  },
  { flag: '--max-body <bytes>', says: 'size of a request body', value: defaultLimits.maxBody, min: 1, max: 2 ** 30 },
  { flag: '--max-texts <n>', says: 'texts in one request', value: defaultLimits.maxTexts, min: 1, max: 1e7 },
  {
    flag: '--max-text-length <n>',
    says: 'characters (UTF-16 units) of one text',
    value: defaultLimits.maxTextLength,
    min: 1,
    max: 2 ** 29,
  },
  {
    flag: '--max-json-depth <n>',
    says: 'nesting of a JSON body',
    value: defaultLimits.maxJsonDepth,
    min: 3,
    max: 1000,
  },
  {
    flag: '--max-requests <n>',
    says: 'prediction requests open at once; more get 503',
    value: defaultLimits.maxRequests,
    min: 1,
    max: 1e6,
  },
  {
    flag: '--max-header <bytes>',
    says: 'size of a request line with its headers',
    value: defaultLimits.maxHeader,
    min: 1024,
    max: 2 ** 20,
  },
  {
    flag: '--headers-timeout <s>',
    says: 'time for a client to send its headers',
    value: defaultLimits.headersTimeout,
    min: 0.1,
    max: day,
    fraction: true,
  },
  {
    flag: '--request-timeout <s>',
    says: 'time for a client to send its whole request',
    value: defaultLimits.requestTimeout,
    min: 0.1,
    max: day,
    fraction: true,
  },
  {
    flag: '--keep-alive-timeout <s>',
    says: 'time an idle connection is kept; above that of the load balancer',
    value: defaultLimits.keepAliveTimeout,
    min: 0,
    max: day,
    fraction: true,
  },
];

/**
 * Pages that may read answers where no --cors-origin says otherwise: browser extensions. A web page cannot claim such an origin, and
 * the server has nothing to give away but what a model says of a text that was sent to it.
 */
const defaultOrigins = ['chrome-extension://*', 'moz-extension://*'];

/** Adds the options of `mlp serve` that say how it serves, not what. */
export function addServeOptions(command: Command): Command {
  command.option('--host <address>', 'address to listen on; 0.0.0.0 for all', '127.0.0.1');
  for (const { flag, says, value, ...bounds } of numbers) {
    command.addOption(new Option(flag, says).default(value).argParser((text) => numberIn(text, bounds)));
  }
  return command
    .addOption(
      new Option(
        '--cors-origin <origin>',
        `pages that may read answers, repeatable; * at the end takes all that begin so (default: ${defaultOrigins.join(' and ')}; "none" for none)`,
      ).argParser(addOrigin),
    )
    .option('--json', 'print where it listens as JSON');
}

/** The origins that --cors-origin names. */
export function originsOf(words: ServeWords): readonly string[] {
  const given = words.corsOrigin ?? defaultOrigins;
  return given.filter((origin) => origin !== 'none');
}

/** The limits, apart from the rest of the words. */
export function limitsOf(words: ServeWords): Limits {
  const { maxBody, maxTexts, maxTextLength, maxJsonDepth, maxRequests, maxHeader } = words;
  const { headersTimeout, requestTimeout, keepAliveTimeout } = words;
  const sizes = { maxBody, maxTexts, maxTextLength, maxJsonDepth, maxRequests, maxHeader };
  return { ...sizes, headersTimeout, requestTimeout, keepAliveTimeout };
}

function numberIn(text: string, { min, max, fraction }: Omit<NumberOption, 'flag' | 'says' | 'value'>): number {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max && (fraction === true || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(`it must be a ${fraction === true ? '' : 'whole '}number from ${min} to ${max}`);
}

function addOrigin(origin: string, before: readonly string[] | undefined): string[] {
  if (origin !== '*' && origin !== 'none' && !/^[a-z][a-z0-9+.-]*:\/\/[^/]+$/.test(origin)) {
    throw new InvalidArgumentError('an origin is written scheme://host, without a path, such as https://example.org');
  }
  return [...(before ?? []), origin];
}
