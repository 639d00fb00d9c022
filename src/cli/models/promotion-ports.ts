import type { Workspace } from '../../core/workspace.ts';
import { materialiseDirectory } from '../../pipeline/materialise.ts';
import type { PromotionPorts } from '../../registry/promote.ts';
import type { PackageProbe } from '../../registry/probe.ts';
import type { Registry } from '../../registry/registry.ts';
import { packageProbe } from '../processes/package-probe.ts';

/** What gates are asked with: packages from the cache, measured by another process of this same mlp, which is started unless there is one. */
export function promotionPorts(
  workspace: Workspace,
  registry: Registry,
  probe: PackageProbe = packageProbe({ entry: process.argv[1] ?? '' }),
): PromotionPorts {
  return {
    registry,
    materialise: (hash) => materialiseDirectory(workspace, hash),
    probe,
  };
}
