/** How a CI system folds a part of its log. */
export interface CiGroups {
  /** Before a stage's log. `open`: shown unfolded where the system can. */
  start(group: CiGroup): string;
  end(group: CiGroup): string;
  /** What marks a failure in the system's own list of problems; empty where it has none. */
  problem(problem: CiProblem): string;
}

export interface CiGroup {
  /** Different for every group of a log. */
  readonly id: number;
  readonly name: string;
  readonly title: string;
  readonly open: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Nothing that a stage printed may contain it. */
  readonly secret: string;
}

interface CiProblem {
  readonly title: string;
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
}

/** The groups of the system whose variables are set: GitHub Actions, GitLab CI, or headers in plain text. */
export function ciGroupsFor(env: Readonly<Record<string, string | undefined>>): CiGroups {
  if (env['GITHUB_ACTIONS'] === 'true') return githubGroups;
  if (env['GITLAB_CI'] === 'true') return gitlabGroups;
  return plainGroups;
}

/** https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions */
const githubGroups: CiGroups = {
  // A log may hold lines that look like commands to the runner (data often does), so commands are off inside the group.
  start: ({ title, secret }) => `::group::${githubText(title)}\n::stop-commands::${secret}\n`,
  end: ({ secret }) => `::${secret}::\n::endgroup::\n`,
  problem: ({ title, text, file, line }) => {
    const place = file === undefined ? '' : `file=${githubProperty(file)},line=${line ?? 1},`;
    return `::error ${place}title=${githubProperty(title)}::${githubText(text)}\n`;
  },
};

const githubText = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const githubProperty = (text: string): string => githubText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections: the carriage return hides the marker. */
const gitlabGroups: CiGroups = {
  start: (group) =>
    `\u001b[0Ksection_start:${secondsOf(group)}:${gitlabName(group)}[collapsed=${!group.open}]\r\u001b[0K${group.title}\n`,
  end: (group) => `\u001b[0Ksection_end:${secondsOf(group)}:${gitlabName(group)}\r\u001b[0K\n`,
  problem: () => '',
};

const secondsOf = ({ at }: CiGroup): number => Math.floor(at / 1000);
const gitlabName = ({ id, name }: CiGroup): string => `stage_${id}_${name.replace(/[^A-Za-z0-9_.-]/g, '_')}`;

const plainGroups: CiGroups = {
  start: ({ title }) => `== ${title}\n`,
  end: () => '\n',
  problem: () => '',
};
