export const transferFailures = {};
