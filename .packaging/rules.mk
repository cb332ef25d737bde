# SPDX-License-Identifier: MIT
#
# Included by the Makefile: install, uninstall, the tarball, the Debian packages.

# MODE:FILE:WHERE of all that is installed, except the link libnstree.so.
SHARE = $(PREFIX)/share
ZSH_SITE ?= site-functions
INSTALLED = \
    755:$(B)/nstree:$(PREFIX)/bin/nstree \
    644:$(B)/exported/libnstree.a:$(LIBDIR)/libnstree.a \
    644:$(B)/libnstree.so.0:$(LIBDIR)/libnstree.so.0 \
    644:$(B)/libnstree.pc:$(LIBDIR)/pkgconfig/libnstree.pc \
    644:include/nstree.h:$(PREFIX)/include/nstree.h \
    644:man/nstree.1:$(SHARE)/man/man1/nstree.1 \
    644:man/ko/nstree.1:$(SHARE)/man/ko/man1/nstree.1 \
    644:man/libnstree.3:$(SHARE)/man/man3/libnstree.3 \
    644:src/completion/nstree.bash:$(SHARE)/bash-completion/completions/nstree \
    644:src/completion/_nstree:$(SHARE)/zsh/$(ZSH_SITE)/_nstree \
    644:src/completion/nstree.fish:$(SHARE)/fish/vendor_completions.d/nstree.fish

# The library in one object. It exports only what nstree.h declares: else its map_get() would
# collide with one of a program that links it.
OBJCOPY ?= objcopy
$(B)/exported/libnstree.a: $(LIB_OBJECTS)
	@mkdir -p $(@D) && rm -f $@
	$(CC) -r -nostdlib -o $(@D)/libnstree.o $(LIB_OBJECTS)
	$(OBJCOPY) --wildcard --keep-global-symbol='nstree_*' $(@D)/libnstree.o
	$(AR) rcs $@ $(@D)/libnstree.o

install: all $(B)/exported/libnstree.a $(B)/libnstree.so.0 $(B)/libnstree.pc
	@set -e; for item in $(INSTALLED); do \
	    mode=$${item%%:*} rest=$${item#*:}; \
	    install -D -m $$mode "$${rest%%:*}" "$(DESTDIR)$${rest#*:}"; \
	done
	ln -sf libnstree.so.0 "$(DESTDIR)$(LIBDIR)/libnstree.so"

uninstall:
	@for item in $(INSTALLED) $(LIBDIR)/libnstree.so; do rm -f "$(DESTDIR)$${item##*:}"; done

# Only committed files. The packages are built from the tarball, so they are a test of it, too.
dist:
	@mkdir -p $(B)
	git archive --prefix=nstree-$(VERSION)/ HEAD | gzip -n9 >$(B)/nstree-$(VERSION).tar.gz

deb:
	@.ci/deps build bpf deb
	@$(MAKE) --no-print-directory dist
	.packaging/deb $(B) $(VERSION)

.PHONY: install uninstall dist deb
