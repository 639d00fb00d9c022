import { posix } from 'node:path';
import type { StageConfig } from '../../config/types.ts';
import type { UndeclaredUse } from '../../core/trace.ts';
import type { TraceScene } from './scene.ts';

type Declaring = Pick<UndeclaredUse, 'field' | 'line' | 'madeBy'>;

/** The line of pipeline.yaml that declares what a stage used, where there is one that is right. */
export function declaringLine(
  use: Pick<UndeclaredUse, 'path' | 'how'>,
  stage: StageConfig,
  scene: Pick<TraceScene, 'makers' | 'paramsFiles'>,
): Declaring {
  const maker = makerOf(use.path, scene.makers);
  const madeBy = maker === undefined || maker === stage.name ? {} : { madeBy: maker };
  const path = quoted(posix.relative(stage.wdir, use.path));
  if (use.how === 'removed') return madeBy;
  if (use.how === 'read') {
    return scene.paramsFiles.has(use.path)
      ? { ...madeBy, field: 'params', line: `- ${path}:` }
      : { ...madeBy, field: 'deps', line: `- ${path}` };
  }
  // Two stages must not make one file, and a stage must not make what it reads.
  const isOthers = maker !== undefined || stage.deps.some((dep) => use.path === dep.path);
  return isOthers ? madeBy : { field: 'outs', line: `- ${path}` };
}

function makerOf(path: string, makers: TraceScene['makers']): UndeclaredUse['madeBy'] {
  const parts = path.split('/');
  return parts.map((_, index) => makers.get(parts.slice(0, index + 1).join('/'))).find((name) => name !== undefined);
}

/** Plain where YAML takes it for text of its own; quoted as JSON, which is YAML, elsewhere. Templates are switched off. */
function quoted(path: string): string {
  const plain = /^[\p{L}_./][\p{L}\p{N}_./@+=-]*(?: [\p{L}\p{N}_./@+=(-][\p{L}\p{N}_./@+=()-]*)*$/u;
  const reserved = /^(?:true|false|null|~)$/i;
  if (plain.test(path) && !reserved.test(path)) return path;
  return JSON.stringify(path.replaceAll('${', '\\${'));
}
