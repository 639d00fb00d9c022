import { spawn } from 'node:child_process';

/** Opens a file in the person's browser, and does not wait for it; what cannot be opened is simply not opened. */
export function openInBrowser(file: string, platform: NodeJS.Platform): void {
  const command = platform === 'darwin' ? 'open' : platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(command, [file], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
