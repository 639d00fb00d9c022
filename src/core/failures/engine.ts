export const engineFailures = {};
