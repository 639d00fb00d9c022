import { userInfo } from 'node:os';

/** Who runs this process, for records. A container may run as a user without a name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
