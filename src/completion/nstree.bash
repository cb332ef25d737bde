# SPDX-License-Identifier: MIT
#
# Completes nstree's options, their values and what it can show in bash. What there is, nstree
# itself is asked, once for each completion: there is no second list to keep. Needs no
# bash-completion.

# The options of --help, one a line: letter or -, name, argument or nothing. Asked once a shell.
declare -A _nstree_help=()
_nstree_options() # PROGRAM
{
    _nstree_help[$1]=${_nstree_help[$1]-$(
        "$1" --help 2>/dev/null |
            sed -nE 's/^  (-(.),|   ) --([a-z-]+)( (\[?[A-Z][^ ]*))?( .*)?$/\2 \3 \5/p' |
            sed 's/^ /- /'
    )}
    options=${_nstree_help[$1]}
}

# The words that an option takes, from the complaint about one that it does not take. Columns depend
# on --summary.
_nstree_words() # PROGRAM OPTION
{
    local summary=()

    [[ " ${COMP_WORDS[*]} " != *\ @(-s|--summary)\ * ]] || summary=(--summary)
    "$1" "${summary[@]}" "--$2=?" 2>&1 |
        sed -nE 's/.* is not one of ([a-z, ]*).*/\1/p' | sed 's/, */\n/g'
}

# What a word can name, with a tab and the label: inodes of namespaces; names, IDs and pods of
# containers. The JSON has one object a line; a quote in a string has a backslash. What has
# characters that engines refuse in names is neither offered nor shown: who chose them may be
# hostile.
_nstree_things() # PROGRAM
{
    "$1" --json 2>/dev/null | LC_ALL=C awk '
        function text(member, at, rest) {
            at = index($0, "\"" member "\":\"")
            rest = at ? substr($0, at + length(member) + 4) : ""
            return at ? substr(rest, 1, index(rest, "\"") - 1) : ""
        }
        function offer(word) {
            if (word ~ /^[A-Za-z0-9][A-Za-z0-9_.\/-]*$/ && !(word in seen))
                print word "\t" label
            seen[word]
        }
        /^"processes":/ { exit }
        /^."(kind|id)":/ {
            label = text("label")
            gsub(/…/, "...", label)
            if (label == "" || label ~ /[^A-Za-z0-9 _.,:@+=()\/-]/)
                label = text("kind")
            if (label == "" && index($0, "\"init\":"))
                label = "init " substr($0, index($0, "\"init\":") + 7) + 0
        }
        /^."kind":/ {
            if (text("name") ~ /[^0-9]/)
                offer(text("name"))
            if (text("id") ~ /^[0-9a-f]+$/ && length(text("id")) >= 12)
                offer(substr(text("id"), 1, 12))
            if (text("pod") != "" && text("k8s_namespace") != "")
                offer(text("k8s_namespace") "/" text("pod"))
        }
        /^."id":/ && text("id") ~ /^[0-9]+$/ { offer(text("id")) }
    '
}

# The PIDs inside these namespaces, with a tab and the name, from NS PNS LEVEL PID CHAIN NAME.
_nstree_inside() # PROGRAM NS
{
    "$1" "--ns=$2" --list 2>/dev/null | LC_ALL=C awk '
        {
            top[$1] = $2 in top ? top[$2] : $3
            split($5, chain, ",")
            pid = chain[top[$1] + 1]
            if (!(pid in seen))
                print pid "\t" ($6 ~ /[^A-Za-z0-9_.:\/-]/ ? "" : $6)
            seen[pid]
        }
    '
}

# Offers those of the lines on standard input, each WORD or WORD, tab and DESCRIPTION, that fit
# behind the last comma of what is there already. Descriptions are added where nothing but a list is
# shown (COMP_TYPE is ?), as bash has no other place for them.
_nstree_offer() # CURRENT
{
    local head='' word description
    [[ $1 != *,* ]] || head=${1%,*},
    while IFS=$'\t' read -r word description; do
        [[ $word == "${1##*,}"* && ,$head != *",$word,"* ]] || continue
        [[ ${COMP_TYPE-} != 63 || -z $description ]] || word+="  ($description)"
        COMPREPLY+=("$head$word")
    done
    compopt +o filenames 2>/dev/null
}

# The value of --ns on the line, if there is one before the word that is completed.
_nstree_ns()
{
    local i word
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
        -n | --ns)
            word=${COMP_WORDS[i + 1]}
            [[ $word != = ]] || word=${COMP_WORDS[i + 2]}
            ;;
        -n*) word=${word#-n} ;;
        *) continue ;;
        esac
        ((i + 1 == COMP_CWORD)) || namespace=$word
    done
}

_nstree()
{
    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
    local letter name argument options namespace=

    COMPREPLY=()
    if [[ $current == = ]]; then # --format=
        current=
    elif [[ $option == = ]]; then # --format=tr
        option=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    _nstree_options "$1"
    while read -r letter name argument; do
        [[ -n $argument && ($option == "-$letter" || $option == "--$name") ]] || continue
        case $argument in
        PID*)
            _nstree_ns
            if [[ $name == pid && -n $namespace ]]; then
                _nstree_offer "$current" < <(_nstree_inside "$1" "$namespace")
            else
                _nstree_offer "$current" < <(cd /proc && printf '%s\n' [0-9]*)
            fi
            ;;
        NS*)
            if [[ $current == [./]* ]]; then
                mapfile -t COMPREPLY < <(compgen -f -- "$current")
            else
                _nstree_offer "$current" < <(_nstree_things "$1")
            fi
            ;;
        DIR) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        FILE) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        *) _nstree_offer "$current" < <(_nstree_words "$1" "$name") ;;
        esac
        return
    done <<<"$options"
    if [[ $current != -* ]]; then
        _nstree_offer "$current" < <(_nstree_things "$1")
        return
    fi
    while read -r letter name argument; do
        [[ "-$letter" != "$current"* || $letter == - ]] || COMPREPLY+=("-$letter")
        [[ "--$name" != "$current"* ]] || COMPREPLY+=("--$name")
    done <<<"$options"
}

complete -o filenames -F _nstree nstree
