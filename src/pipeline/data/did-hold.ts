import type { Project } from '../open-project.ts';
import { Contents } from './content-of.ts';
import { readTracked } from './tracked-data.ts';

/** Whether a tracked folder, by its record and a cache, has a file at the path or below it. */
export async function didHold(project: Project, record: string, path: string): Promise<boolean> {
  const tracked = await readTracked(project.workspace.root, record);
  if (!tracked.ok) return false;
  const contents = new Contents(project);
  for (const data of tracked.value) {
    if (!path.startsWith(`${data.path}/`)) continue;
    const inner = path.slice(data.path.length + 1);
    const files = await contents.filesOf(data);
    const has = files.ok && files.value?.files.some((file) => file.path === inner || file.path.startsWith(`${inner}/`));
    if (has === true) return true;
  }
  return false;
}
