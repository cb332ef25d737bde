# SPDX-License-Identifier: MIT
#
# Read by an interactive bash on a terminal of its own: ^X puts all that completes the last word into
# the line, and writes the line, and a line END, to descriptor 3. The line is empty again afterwards.

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
