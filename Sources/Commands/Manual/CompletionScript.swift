/// A shell with completion.
public enum Shell: String, Sendable, CaseIterable {
  case bash, zsh, fish

  /// The script that the shell reads once.
  ///
  /// It asks the program for every word, so that an old script works with new tables. The program
  /// is called by the name on the command line.
  public var script: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }

  // Bash splits words at equals signs and colons, keeps quotes and backslashes in them, and inserts
  // the offered word as if typed.
  private static let bashScript = #"""
    # Completion of hybrid-flow for bash. Use it: source <(hybrid-flow completion bash)

    _hybrid_flow() {
      local -a words=() lines=()
      local i word typed='' quote='' prefix='' line
      for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 1)) && [[ $word == = || ${COMP_WORDS[i - 1]} == = ]] &&
          [[ ${words[-1]} == --* ]] && { [[ $word == = ]] || [[ ${words[-1]} == *= ]]; }; then
          words[-1]+=$word
        else
          words+=("$word")
        fi
      done
      typed=${words[-1]}
      unset 'words[-1]'
      for i in "${!words[@]}"; do
        word=${words[i]}
        case $word in
          \'*\') word=${word#\'} word=${word%\'} ;;
          \"*\") word=${word#\"} word=${word%\"} ;;
          *) word=${word//\\/} ;;
        esac
        words[i]=$word
      done
      case ${typed#--*=} in
        [\'\"]*) quote=${typed#"${typed%%[\'\"]*}"} quote=${quote:0:1} typed=${typed/$quote/} ;;
        *) typed=${typed//\\/} ;;
      esac
      if [[ $typed == --*=* ]]; then prefix=${typed%%=*}=; fi
      mapfile -t lines < <("${COMP_WORDS[0]}" __complete "${words[@]}" "$typed" 2>/dev/null)
      COMPREPLY=()
      for line in "${lines[@]:1}"; do
        word=${line%%$'\t'*}
        word=${word#"$prefix"}
        if [[ -z $quote && $word == *[!a-zA-Z0-9_.,:/@%+=-]* ]]; then printf -v word %q "$word"; fi
        COMPREPLY+=("$word")
      done
      if [[ ${lines[0]} == files ]]; then
        compopt -o filenames
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "${typed#"$prefix"}")
      fi
    }

    complete -F _hybrid_flow hybrid-flow

    """#

  private static let zshScript = #"""
    #compdef hybrid-flow
    # Completion of hybrid-flow for zsh. Use it: source <(hybrid-flow completion zsh)

    _hybrid_flow() {
      local -a lines names shown
      local line name
      local -i width=0
      lines=("${(@f)$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
      for line in "${(@)lines[2,-1]}"; do
        name=${line%%$'\t'*}
        names+=("$name")
        (( $#name <= width )) || width=$#name
      done
      for line in "${(@)lines[2,-1]}"; do
        shown+=("${(r:$width:)line%%$'\t'*}  ${line#*$'\t'}")
      done
      if (( $#names )); then
        compadd -V hybrid-flow -l -d shown -a names
      fi
      if [[ $lines[1] == files ]]; then
        compset -P '--*='
        _files
      fi
    }

    # Installed as a file of the name _hybrid-flow, it is loaded by the first Tab, and has to answer it.
    if [[ $funcstack[1] == _hybrid-flow ]]; then
      _hybrid_flow "$@"
    else
      compdef _hybrid_flow hybrid-flow
    fi

    """#

  private static let fishScript = #"""
    # Completion of hybrid-flow for fish. Use it: hybrid-flow completion fish | source

    function __hybrid_flow_complete
        set -l words (commandline -opc)
        set -l typed (commandline -ct | string unescape)
        set -l lines ($words[1] __complete $words[2..] "$typed" 2>/dev/null)
        if test "$lines[1]" = files
            set -l option (string match -r -- '^--[a-z-]*=' "$typed")
            for path in (__fish_complete_path (string replace -r -- '^--[a-z-]*=' '' "$typed"))
                echo "$option$path"
            end
        end
        printf '%s\n' $lines[2..]
    end

    complete -c hybrid-flow -f -k -a '(__hybrid_flow_complete)'

    """#
}
