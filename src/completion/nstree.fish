# SPDX-License-Identifier: MIT
#
# Completes nstree's options, their values and what it can show in fish. What there is, nstree
# itself is asked, once for each completion: there is no second list to keep.

# The words that an option takes, from the complaint about one that it does not take. Columns depend
# on --summary.
function __nstree_words
    set -l summary (string match -r -- '^-s$|^--summary$' (commandline -opc))
    nstree $summary --$argv[1]='?' 2>&1 | string replace -rf '.* is not one of ([a-z, ]*).*' '$1' |
        string trim | string split ', '
end

# What a word can name, with a tab and the label: inodes of namespaces; names, IDs and pods of
# containers. The JSON has one object a line; a quote in a string has a backslash. What has
# characters that engines refuse in names is neither offered nor shown: who chose them may be
# hostile.
function __nstree_things
    nstree --json 2>/dev/null | LC_ALL=C awk '
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
end

# The PIDs inside these namespaces, with a tab and the name, from NS PNS LEVEL PID CHAIN NAME.
function __nstree_inside # NS
    nstree --ns=$argv[1] --list 2>/dev/null | LC_ALL=C awk '
        {
            top[$1] = $2 in top ? top[$2] : $3
            split($5, chain, ",")
            pid = chain[top[$1] + 1]
            if (!(pid in seen))
                print pid "\t" ($6 ~ /[^A-Za-z0-9_.:\/-]/ ? "" : $6)
            seen[pid]
        }
    '
end

# PIDs inside the namespace that --ns names, or all.
function __nstree_pids
    set -l line (commandline -opc)
    set -l namespace (string match -rg -- '^(?:-n|--ns=)(.+)' $line)[-1]
    for i in (seq (math (count $line) - 1))
        contains -- $line[$i] -n --ns; and set namespace $line[(math $i + 1)]
    end
    if test -n "$namespace"
        __nstree_inside $namespace
    else
        __fish_complete_pids
    end
end

# Namespaces and containers that are not in the list already, or the path of one.
function __nstree_namespaces
    set -l current (commandline -ct | string replace -r -- '^(--ns=|-n)' '')
    if string match -qr '^[./]' -- $current
        __fish_complete_path $current
        return
    end
    set -l before (string match -r '^.*,' -- $current)
    for thing in (__nstree_things)
        contains -- (string split \t -- $thing)[1] (string split , -- $before)
        or echo "$before$thing"
    end
end

complete -c nstree -f -a '(__nstree_things)'
nstree --help 2>/dev/null | while read -l line
    set line (string trim -- $line)
    set -l parts (string match -r '^(-., |)--([a-z-]+)( \[?[A-Z]\S*|)( .*|)$' -- $line)
    or continue
    set -l name $parts[3]
    set -l option -c nstree -l $name -d (string trim -- "$parts[5]")
    test -n "$parts[2]"; and set -a option -s (string sub -s 2 -l 1 -- $parts[2])
    switch (string trim -- "$parts[4]")
        case ''
            complete $option
        case 'PID*'
            set -l pids __fish_complete_pids
            test $name = pid; and set pids __nstree_pids
            complete $option -x -a "(__fish_complete_list , $pids)"
        case 'NS*'
            complete $option -x -a '(__nstree_namespaces)'
        case 'COLUMN,*'
            complete $option -x -a "(__fish_complete_list , '__nstree_words $name')"
        case DIR
            complete $option -x -a '(__fish_complete_directories)'
        case FILE
            complete $option -r -F
        case '*'
            complete $option -x -a "(__nstree_words $name)"
    end
end
