import { openSqlite } from '../../core/sqlite.ts';
import { git } from '../processes/git.ts';
import type { Finding } from './finding.ts';

/** The oldest Node that mlp is tested with; package.json says the same to installers. */
const oldestNode = [20, 19] as const;

/** What mlp needs of this machine, wherever the project lies. */
export async function checkMachine(cwd: string): Promise<Finding[]> {
  return [checkNode(process.versions.node), checkSqlite(), await checkGit(cwd)];
}

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  const old = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  const base = { area: 'machine', subject: 'node' } as const;
  if (!old) return { ...base, verdict: 'ok', text: version };
  const text = `${version}, and mlp needs ${oldestNode.join('.')} or newer`;
  return { ...base, verdict: 'problem', text, next: 'install a newer Node from https://nodejs.org' };
}

/** The native part of better-sqlite3 belongs to one major version of Node and to one platform. */
function checkSqlite(): Finding {
  const base = { area: 'machine', subject: 'sqlite' } as const;
  try {
    const db = openSqlite(':memory:');
    const { version } = db.prepare('SELECT sqlite_version() AS version').get() as { version: string };
    db.close();
    return { ...base, verdict: 'ok', text: version };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n', 1).join('') : String(error);
    return {
      ...base,
      verdict: 'problem',
      text: `better-sqlite3 does not load: ${why}`,
      next: 'npm rebuild better-sqlite3, with the Node that runs mlp',
    };
  }
}

async function checkGit(cwd: string): Promise<Finding> {
  const base = { area: 'machine', subject: 'git' } as const;
  const version = await git(cwd, ['--version'], 'say its version');
  if (!version.ok) {
    const text = 'not found: runs record no commit, and metrics of other revisions cannot be shown';
    return { ...base, verdict: 'note', text, next: 'install git' };
  }
  const number = version.value.trim().replace(/^git version /, '');
  const inside = await git(cwd, ['rev-parse', '--is-inside-work-tree'], 'find the repository');
  if (inside.ok) return { ...base, verdict: 'ok', text: number };
  const text = `${number}; this folder is in no repository, so runs record no commit`;
  return { ...base, verdict: 'note', text, next: 'git init' };
}
