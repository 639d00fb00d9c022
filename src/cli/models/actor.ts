import type { Actor } from '../../registry/types.ts';
import { gitState } from '../processes/git.ts';
import { userName } from '../user-name.ts';

/** Who does this and why, for the audit trail: `--by`, else the user; the git commit of the project, marked when it was changed. */
export async function actorOf(root: string, words: { readonly by?: string; readonly message: string }): Promise<Actor> {
  const state = await gitState(root);
  const commit = state?.commit;
  return {
    who: words.by ?? userName(),
    why: words.message,
    gitCommit: commit === undefined ? null : commit + (state?.dirty === true ? '+changes' : ''),
  };
}
