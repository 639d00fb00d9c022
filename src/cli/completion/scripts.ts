/** What `mlp completion SHELL` prints. The scripts know no command of mlp: they ask `mlp __complete` at each Tab. */
export const completionScripts = {
  bash: `# Completion of mlp for bash. In ~/.bashrc: source <(mlp completion bash)
_mlp_complete() {
  local cur=\${COMP_WORDS[COMP_CWORD]} line word= strip path
  COMPREPLY=()
  # Where bash breaks words by itself, it completes only what comes after; a break alone is nothing yet.
  [[ \${#cur} -eq 1 && $COMP_WORDBREAKS == *"$cur"* ]] && cur=
  while IFS= read -r line; do
    case $line in
      ':word '*) word=\${line#':word '}; strip=\${word%"$cur"} path=\${word#--*=} ;;
      :files)
        compopt -o filenames 2> /dev/null
        while IFS= read -r line; do COMPREPLY+=("\${line#"\${path%"$cur"}"}"); done < <(compgen -f -- "$path")
        ;;
      :folders)
        compopt -o filenames 2> /dev/null
        while IFS= read -r line; do COMPREPLY+=("\${line#"\${path%"$cur"}"}"); done < <(compgen -d -- "$path")
        ;;
      :goes-on) compopt -o nospace 2> /dev/null ;;
      *)
        line=\${line%%$'\\t'*}
        COMPREPLY+=("\${line#"$strip"}")
        ;;
    esac
  done < <(command mlp __complete --line "\${COMP_LINE:0:COMP_POINT}" 2> /dev/null)
}
complete -F _mlp_complete mlp
`,
  zsh: `#compdef mlp
# Completion of mlp for zsh. In ~/.zshrc, after compinit: source <(mlp completion zsh)
_mlp() {
  local line also
  local -a values shown blank
  for line in "\${(@f)$(command mlp __complete -- "\${(@Q)words[2,CURRENT]}" 2> /dev/null)}"; do
    case $line in
      :files) also=_files ;;
      :folders) also='_files -/' ;;
      :goes-on) blank=(-S '') ;;
      ?*)
        values+=("\${line%%$'\\t'*}")
        shown+=("\${line/$'\\t'/  -- }")
        ;;
    esac
  done
  (( $#values )) && compadd -l -d shown "\${blank[@]}" -a values
  [[ -n $also ]] && \${(z)also}
  (( $#values ))
}
if [[ $funcstack[1] == _mlp ]]; then
  _mlp "$@"
else
  compdef _mlp mlp
fi
`,
  fish: `# Completion of mlp for fish: mlp completion fish > ~/.config/fish/completions/mlp.fish
function __mlp_complete
    set -l current (commandline -ct)
    set -l words (commandline -opc) "$current"
    set -e words[1]
    for line in (command mlp __complete -- $words 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$current"
            case ':folders'
                __fish_complete_directories "$current"
            case ':goes-on'
            case '*'
                echo $line
        end
    end
end
complete -c mlp -f -a '(__mlp_complete)'
`,
} as const;

export type Shell = keyof typeof completionScripts;

export const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];
