/** What a request may cost. All can be set on the command line; docs/serving.md lists them. */
export interface Limits {
  /** Bytes of a request's body. */
  readonly maxBody: number;
  /** Texts in one request. */
  readonly maxTexts: number;
  /** UTF-16 code units of one text. */
  readonly maxTextLength: number;
  /** Objects and lists inside each other in a JSON body. */
  readonly maxJsonDepth: number;
  /** Prediction requests being received or answered at once; more get 503. */
  readonly maxRequests: number;
  /** Bytes of a request's line and headers. */
  readonly maxHeader: number;
  /** Seconds a client may take to send its headers. */
  readonly headersTimeout: number;
  /** Seconds a client may take to send all of its request. */
  readonly requestTimeout: number;
  /** Seconds an idle connection is kept. Above the 60 s that load balancers commonly keep theirs, so that they close first. */
  readonly keepAliveTimeout: number;
}

/** A batch of 500 comments is about 100 KB; YouTube allows 10,000 characters a comment. */
export const defaultLimits: Limits = {
  maxBody: 2 * 1024 * 1024,
  maxTexts: 1_000,
  maxTextLength: 10_000,
  maxJsonDepth: 32,
  maxRequests: 1_024,
  maxHeader: 16 * 1024,
  headersTimeout: 10,
  requestTimeout: 30,
  keepAliveTimeout: 72,
};
