export const learningFailures = {};
