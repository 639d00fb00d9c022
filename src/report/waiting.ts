import { plainLine } from './terminal-text.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
}

/** Who works in the folder, that this command waits for it, and how to stop that. */
export const renderWaiting = ({ command, pid, host }: Holder): string =>
  `waiting for another mlp in this folder: ${plainLine(command)} (process ${pid} on ${plainLine(host)}); Ctrl-C to give up\n`;
