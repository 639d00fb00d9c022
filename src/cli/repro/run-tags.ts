import type { CliContext } from '../context.ts';
import { gitState } from '../processes/git.ts';
import { userName } from '../user-name.ts';

/** What a run remembers of its surroundings: git, the words typed, who and with what. */
export async function runTags(
  context: CliContext,
  root: string,
  message: string | undefined,
): Promise<Record<string, string>> {
  const state = await gitState(root);
  return {
    command: ['mlp', ...context.argv].join(' '),
    ...(message === undefined ? {} : { message }),
    ...(state?.commit === undefined ? {} : { 'git.commit': state.commit }),
    ...(state?.branch === undefined ? {} : { 'git.branch': state.branch }),
    ...(state === undefined ? {} : { 'git.dirty': String(state.dirty) }),
    user: userName(),
    'version.mlp': context.version,
    'version.node': process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
}
