// password.ts - how long a password has to be; the server has the last word. Whoever may do more
// than a site leader needs a longer one, and so does the first account.

const COUNT_MIN = 10;
export const PASSWORD_COUNT_MIN_PRIVILEGED = 12;
const PLAIN_ROLES = ['leader', 'worker'];

export function passwordCountMin(roles: readonly string[]): number {
  const isPlain = roles.every((role) => PLAIN_ROLES.includes(role));
  return isPlain ? COUNT_MIN : PASSWORD_COUNT_MIN_PRIVILEGED;
}
