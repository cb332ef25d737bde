# SPDX-License-Identifier: MIT
#
# Read by an interactive zsh on a terminal of its own: ^X completes what stands on the line, and
# writes what was offered, then a line END, to descriptor 3. The line is empty again afterwards.

PS1= PS2=
fpath=($COMPLETION_DIR $fpath)
autoload -Uz compinit
compinit -u -D

# All candidates reach zsh through compadd: of those that match, -A says which they are.
compadd() {
    local -a offered
    if [[ ${@[1,(i)(-|--)]} != *-[AOD][[:space:]]* ]]; then
        builtin compadd -A offered "$@"
        (( ! $#offered )) || print -rl -u3 -- $offered
    fi
    builtin compadd "$@"
}

capture() {
    zle complete-word
    print -r -u3 -- END
    zle kill-buffer
}
zle -N capture
bindkey '^X' capture
bindkey '^I' self-insert
unsetopt beep auto_list auto_menu
print -r -u3 -- END
