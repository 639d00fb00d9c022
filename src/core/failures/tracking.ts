export const trackingFailures = {};
