# SPDX-License-Identifier: MIT
#
# Completes nstree's options and their values in bash. What options there are, and what words they
# take, nstree itself is asked: there is no second list of them to keep. Needs no bash-completion.

# The options of --help, one a line: letter or -, name, argument or nothing.
_nstree_options() # PROGRAM
{
    "$1" --help 2>/dev/null |
        sed -nE 's/^  (-(.),|   ) --([a-z-]+)( (\[?[A-Z][^ ]*))?( .*)?$/\2 \3 \5/p' |
        sed 's/^ /- /'
}

# The words that an option takes, from the complaint about one that it does not take.
_nstree_words() # PROGRAM OPTION
{
    "$1" "--$2=?" 2>&1 | sed -nE 's/.* is not one of ([a-z, ]*).*/\1/p' | tr -d ,
}

# No labels: to read them could wait for others.
_nstree_namespaces() # PROGRAM
{
    "$1" --summary --no-labels --style ascii 2>/dev/null | sed -n 's/^[-|` ]*pid:\[\([0-9]*\)\].*/\1/p'
}

# A comma list: what is offered goes behind what is there already.
_nstree_list() # CURRENT CANDIDATES
{
    local head=
    [[ $1 != *,* ]] || head=${1%,*},
    mapfile -t COMPREPLY < <(compgen -P "$head" -W "$2" -- "${1##*,}")
}

_nstree()
{
    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
    local letter name argument options

    COMPREPLY=()
    if [[ $current == = ]]; then # --format=
        current=
    elif [[ $option == = ]]; then # --format=tr
        option=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    options=$(_nstree_options "$1")
    while read -r letter name argument; do
        [[ -n $argument && ($option == "-$letter" || $option == "--$name") ]] || continue
        case $argument in
        PID*) _nstree_list "$current" "$(cd /proc && echo [0-9]*)" ;;
        NS*)
            if [[ $current == */* ]]; then
                mapfile -t COMPREPLY < <(compgen -f -- "$current")
            else
                _nstree_list "$current" "$(_nstree_namespaces "$1")"
            fi
            ;;
        DIR) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        FILE) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$(_nstree_words "$1" "$name")" -- "$current") ;;
        esac
        return
    done <<<"$options"
    while read -r letter name argument; do
        [[ "-$letter" != "$current"* || $letter == - ]] || COMPREPLY+=("-$letter")
        [[ "--$name" != "$current"* ]] || COMPREPLY+=("--$name")
    done <<<"$options"
}

complete -o filenames -F _nstree nstree
