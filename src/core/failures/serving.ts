export const servingFailures = {};
