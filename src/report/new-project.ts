import type { NewProject } from '../cli/init/init-project.ts';
import type { Style } from './style.ts';

/** `mlp init`: what was written, what was kept, and what to type now. */
export function renderNewProject(project: NewProject, { style }: { readonly style: Style }): string {
  const steps = [
    ...(project.folder === '.' ? [] : [`cd ${project.folder}`]),
    ...(project.installed ? [] : ['npm install']),
    ...(project.template === 'python' ? ['pip install -r requirements.txt'] : []),
    'mlp repro',
  ];
  const lines = [
    ...project.written.map((path) => `  ${style.green('new')}    ${path}`),
    ...project.kept.map((path) => `  ${style.dim('kept')}   ${path}`),
    '',
    `  ${style.cyan('next:')} ${steps.join(' && ')}`,
  ];
  return `${lines.join('\n')}\n`;
}
