# SPDX-License-Identifier: MIT
#
# For an interactive zsh on its own terminal. ^X completes the line, writes the candidates and a
# line END to descriptor 3, and empties the line.

PS1= PS2=
fpath=($COMPLETION_DIR $fpath)
autoload -Uz compinit
compinit -u -D

# All candidates reach zsh through compadd. With -A it reports those that match.
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
