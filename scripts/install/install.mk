# SPDX-License-Identifier: GPL-2.0-only
# To install what is built, and to pack it.  Included by the Makefile.  The tools of the
# laboratory (scripts/, guests, tests) need a clone, and stay in it.

prefix ?= /usr/local
bindir ?= $(prefix)/bin
sbindir ?= $(prefix)/sbin
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
docdir ?= $(datadir)/doc/fuse-epoch
bashdir ?= $(datadir)/bash-completion/completions
zshdir ?= $(datadir)/zsh/site-functions
sharedir ?= $(datadir)/fuse-epoch
unitdir ?= $(prefix)/lib/systemd/system

SYSTEM_TOOLS := epochctl $(BPF_TOOLS)
TOOLS := epochbench $(SYSTEM_TOOLS)
MADE := $(BUILD)/install
PAGES := $(MADE)/epochbench.1 bench/ctl/epochctl.8 $(BPF_TOOLS:%=bpf/%.8)
DOCS := CHANGELOG.md results/SCHEMA.md results/hazards.md results/daemons.md results/sending.md

$(MADE)/bash/%: $(BUILD)/% scripts/completion $(wildcard scripts/install/*.awk)
	@mkdir -p $(@D)
	$(Q)scripts/completion bash $< >$@.new && mv $@.new $@

$(MADE)/zsh/_%: $(BUILD)/% scripts/completion $(wildcard scripts/install/*.awk)
	@mkdir -p $(@D)
	$(Q)scripts/completion zsh $< >$@.new && mv $@.new $@

$(MADE)/epochbench.1: scripts/install/epochbench.1 $(BUILD)/epochbench scripts/completion \
		$(wildcard scripts/install/*.awk)
	@mkdir -p $(@D)
	$(Q)scripts/completion manual $(BUILD)/epochbench >$@.commands
	$(Q)sed -e '/^@commands@$$/{r $@.commands' -e 'd;}' $< >$@.new && mv $@.new $@

$(MADE)/epochstat.service: bpf/dashboards/epochstat.service FORCE
	@mkdir -p $(@D)
	$(Q)sed 's,@sbindir@,$(sbindir),' $< >$@

# MODE:FROM:TO, all that is installed.
INSTALLED := 755:$(BUILD)/epochbench:$(bindir)/epochbench \
	$(foreach t,$(SYSTEM_TOOLS),755:$(BUILD)/$t:$(sbindir)/$t) \
	$(foreach p,$(PAGES),644:$p:$(mandir)/man$(subst .,,$(suffix $p))/$(notdir $p)) \
	$(foreach t,$(TOOLS),644:$(MADE)/bash/$t:$(bashdir)/$t 644:$(MADE)/zsh/_$t:$(zshdir)/_$t) \
	$(foreach d,$(DOCS),644:$d:$(docdir)/$(notdir $d)) \
	644:bpf/dashboards/grafana.json:$(sharedir)/grafana.json \
	644:bpf/dashboards/rules.yml:$(sharedir)/prometheus-rules.yml \
	644:$(MADE)/epochstat.service:$(unitdir)/epochstat.service

MADE_FILES := $(MADE)/epochbench.1 $(MADE)/epochstat.service $(TOOLS:%=$(MADE)/bash/%) $(TOOLS:%=$(MADE)/zsh/_%)

# A colon or a blank in a name would part the list.
install: all $(MADE_FILES) ## install the programs, their pages and completion (prefix, DESTDIR)
	@set -e; for line in $(INSTALLED); do IFS=: read -r mode from to <<<"$$line"; \
		install -D -m "$$mode" "$$from" "$$DESTDIR$$to"; \
		echo "  INSTALL $$DESTDIR$$to"; done

uninstall: ## remove what make install has put there (the same prefix, DESTDIR)
	@set -e; for line in $(INSTALLED); do IFS=: read -r mode from to <<<"$$line"; \
		rm -f "$$DESTDIR$$to"; done; \
	for folder in "$$DESTDIR$(docdir)" "$$DESTDIR$(sharedir)"; do \
		[ ! -d "$$folder" ] || rmdir --ignore-fail-on-non-empty "$$folder"; done

dist: ## build/fuse-epoch-VERSION.tar.xz, of what is committed
	@scripts/deb --source

deb: ## Debian packages of what is committed, in build/deb/
	$(call ready,--deb)
	@scripts/deb
