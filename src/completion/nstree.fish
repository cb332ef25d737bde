# SPDX-License-Identifier: MIT
#
# Completes nstree's options and their values in fish. What options there are, and what words they
# take, nstree itself is asked: there is no second list of them to keep.

# The words that an option takes, from the complaint about one that it does not take.
function __nstree_words
    nstree --$argv[1]='?' 2>&1 | string replace -rf '.* is not one of ([a-z, ]*).*' '$1' |
        string trim | string split ', '
end

# Each namespace with the name of its init: labels are not read, which could wait for others.
function __nstree_namespaces
    nstree --summary --no-labels --style ascii 2>/dev/null |
        string replace -rf '^[-|` ]*pid:\[(\d+)\] ?(.*)$' '$1\t$2'
end

complete -c nstree -f
nstree --help 2>/dev/null | while read -l line
    set -l parts (string match -r '^(-., |)--([a-z-]+)( \[?[A-Z]\S*|)( .*|)$' -- (string trim -- $line))
    or continue
    set -l name $parts[3]
    set -l option -c nstree -l $name -d (string trim -- "$parts[5]")
    test -n "$parts[2]"; and set -a option -s (string sub -s 2 -l 1 -- $parts[2])
    switch (string trim -- "$parts[4]")
        case ''
            complete $option
        case 'PID*'
            complete $option -x -a '(__fish_complete_list , __fish_complete_pids)'
        case 'NS*'
            complete $option -r -F -a '(__fish_complete_list , __nstree_namespaces)'
        case DIR
            complete $option -x -a '(__fish_complete_directories)'
        case FILE
            complete $option -r -F
        case '*'
            complete $option -x -a "(__nstree_words $name)"
    end
end
