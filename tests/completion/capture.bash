# SPDX-License-Identifier: MIT
#
# For an interactive bash on its own terminal. ^X inserts all completions of the last word into the
# line, writes the line and a line END to descriptor 3, and empties the line.

PS1= PS2=
. src/completion/nstree.bash
capture() {
    printf '%s\nEND\n' "$READLINE_LINE" >&3
    READLINE_LINE= READLINE_POINT=0
}
bind '"\C-t": insert-completions'
bind -x '"\C-y": capture'
bind '"\C-x": "\C-t\C-y"'
echo END >&3
